/** Where the hotline is and whose mini-program this is; fixed by the build (docs/miniprogram.md). */
export const settings = __SETTINGS__;
