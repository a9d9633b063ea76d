/** Where to go. A conversation stands alone on the stack, so that nothing leads back behind it by accident. */
const page = (path: string, query: Record<string, string> = {}) => {
  const words = Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  return `/pages/${path}/${path}${words.length === 0 ? '' : `?${words.join('&')}`}`;
};

export const go = (path: string, query?: Record<string, string>) => {
  void wx.navigateTo({ url: page(path, query) });
};
export const goInstead = (path: string, query?: Record<string, string>) => {
  void wx.reLaunch({ url: page(path, query) });
};
/** One step back, or home where there is nothing to go back to (a card or a notice opened the page). */
export const goBack = () => {
  if (getCurrentPages().length > 1) {
    void wx.navigateBack();
  } else {
    goInstead('home');
  }
};
