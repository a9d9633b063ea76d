/**
 * The look. web/shared/tokens.css is the one palette of both pages; antd gets the same colours as design tokens,
 * so that a plain element and a kit component never disagree.
 */
import { theme as antdTheme, type ThemeConfig } from 'antd';

export type ThemeName = 'light' | 'dark';

function colourReader() {
  const style = getComputedStyle(document.documentElement);
  return (name: string) => style.getPropertyValue(`--${name}`).trim();
}

/** Switches the page over and answers the kit's theme for it. Harmless to call twice. */
export function showTheme(name: ThemeName): ThemeConfig {
  document.documentElement.dataset['theme'] = name;
  const colour = colourReader();
  const dark = name === 'dark';
  return {
    algorithm: dark ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm,
    token: {
      colorPrimary: colour('accent'),
      colorPrimaryHover: colour('accent-strong'),
      colorLink: colour('accent-strong'),
      colorSuccess: colour('good'),
      colorWarning: colour('warm'),
      colorError: colour('danger'),
      colorInfo: colour('accent'),
      // The grounds of tags and alerts, which the kit would mix too dark for the words on them.
      colorSuccessBg: colour('accent-soft'),
      colorWarningBg: colour('warm-soft'),
      colorErrorBg: colour('danger-soft'),
      colorInfoBg: colour('accent-soft'),
      colorBgLayout: colour('ground'),
      colorBgContainer: colour('surface'),
      colorBgElevated: colour('surface-raised'),
      colorBorder: dark ? '#55615e' : '#c3baa9',
      colorBorderSecondary: colour('line'),
      colorText: colour('ink'),
      colorTextHeading: colour('ink'),
      colorTextSecondary: colour('ink-soft'),
      colorTextTertiary: colour('ink-faint'),
      colorTextDescription: colour('ink-faint'),
      colorTextPlaceholder: colour('ink-faint'),
      controlItemBgActive: colour('accent-soft'),
      controlItemBgActiveHover: colour('accent-soft'),
      borderRadius: 8,
      fontFamily: colour('font'),
      fontSize: 14,
      controlHeight: 34,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.18s',
    },
    components: {
      Button: {
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        primaryColor: colour('on-accent'),
        dangerColor: colour('on-danger'),
      },
      Table: {
        headerBg: colour('surface-sunken'),
        headerSplitColor: 'transparent',
        cellPaddingInlineMD: 16,
        headerSortActiveBg: colour('surface-sunken'),
        headerSortHoverBg: colour('accent-soft'),
        bodySortBg: colour('surface'),
        rowHoverBg: colour('surface-raised'),
      },
      Slider: {
        trackBg: colour('accent'),
        trackHoverBg: colour('accent-strong'),
        handleColor: colour('accent'),
        railBg: colour('line'),
      },
      Segmented: { trackBg: colour('surface-sunken') },
    },
  };
}
