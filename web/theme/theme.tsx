import { theme as antd, ConfigProvider, type ThemeConfig } from 'antd';
import en from 'antd/es/locale/en_US';
import zh from 'antd/es/locale/zh_CN';
import type { ReactNode } from 'react';
import { useLang } from '../words/words.ts';
import { mono, palettes, type Shade, sans } from './palettes.ts';
import { useShade } from './shade.ts';

/** Ant Design in the house's colours, in the reader's language, with the nonce of this page. */
export function Theme({ children }: { children: ReactNode }) {
  const shade = useShade();
  const lang = useLang();
  return (
    <ConfigProvider
      theme={shade === 'dark' ? dark : light}
      locale={lang === 'zh' ? zh : en}
      csp={nonce === undefined ? {} : { nonce }}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
    >
      {children}
    </ConfigProvider>
  );
}

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.nonce;
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
const light = themeOf('light');
const dark = themeOf('dark');

function themeOf(shade: Shade): ThemeConfig {
  const colour = palettes[shade];
  // As with buttons: the border that says where one types must be seen on the dark ground.
  const field = { hoverBorderColor: colour.link, activeBorderColor: colour.link };
  return {
    algorithm: shade === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      colorPrimary: colour.accent,
      colorInfo: colour.accent,
      colorSuccess: colour['good-text'],
      colorWarning: colour.some,
      colorError: colour.strong,
      colorErrorText: colour['strong-text'],
      colorLink: colour.link,
      colorLinkHover: colour.ink,
      colorText: colour.ink,
      colorTextSecondary: colour.quiet,
      colorTextTertiary: colour.quiet,
      colorTextDescription: colour.quiet,
      colorTextPlaceholder: colour.quiet,
      colorBgLayout: colour.paper,
      colorBgContainer: colour.card,
      colorBgElevated: colour.card,
      colorBorder: colour['line-strong'],
      colorBorderSecondary: colour.line,
      fontFamily: sans,
      fontFamilyCode: mono,
      fontSize: 14,
      borderRadius: 4,
      borderRadiusLG: 6,
      controlHeight: 34,
      motion: !calm,
      motionDurationFast: '0.06s',
      motionDurationMid: '0.1s',
      motionDurationSlow: '0.14s',
      boxShadow: `0 1px 2px ${colour.shade}`,
      boxShadowSecondary: `0 6px 24px ${colour.shade}`,
      wireframe: false,
    },
    components: {
      Button: {
        fontWeight: 500,
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        // The accent carries white letters; on paper and on the dark ground its own hue needs the shade of a link.
        defaultHoverColor: colour.link,
        defaultHoverBorderColor: colour.link,
        defaultActiveColor: colour.link,
        defaultActiveBorderColor: colour.link,
      },
      Input: field,
      InputNumber: field,
      Select: field,
      Form: { itemMarginBottom: 18, verticalLabelPadding: '0 0 4px' },
      Segmented: {
        trackBg: colour.sunk,
        itemSelectedBg: colour['accent-ground'],
        itemColor: colour.quiet,
        itemSelectedColor: colour.link,
      },
      Tooltip: { colorBgSpotlight: colour.ink, colorTextLightSolid: colour.paper },
    },
  };
}
