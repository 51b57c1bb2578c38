import { DesktopOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useSetPreferences } from '../api/me.ts';
import { useShade, type Wish, wishedTheme, wishTheme } from '../theme/shade.ts';
import { Menu } from '../ui/menu.tsx';
import { useWords } from '../words/words.ts';

export function ThemeSwitch({ signedIn = false }: { signedIn?: boolean }) {
  const say = useWords();
  const shade = useShade();
  const [wish, setWish] = useState<Wish>(wishedTheme);
  const remember = useSetPreferences();
  const choose = (theme: Wish) => {
    setWish(theme);
    wishTheme(theme);
    if (signedIn) remember.mutate({ theme });
  };
  const icons = { light: <SunOutlined />, dark: <MoonOutlined />, system: <DesktopOutlined /> };
  return (
    <Menu
      label={say('frame.theme')}
      className="theme-switch"
      button={shade === 'dark' ? <MoonOutlined /> : <SunOutlined />}
      items={(['light', 'dark', 'system'] as const).map((theme) => ({
        id: theme,
        icon: icons[theme],
        label: say(`frame.theme.${theme}`),
        checked: theme === wish,
        onChoose: () => choose(theme),
      }))}
    />
  );
}
