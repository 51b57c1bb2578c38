import { DesktopOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import { useSetPreferences } from '../api/me.ts';
import { useShade, type Wish, wishedTheme, wishTheme } from '../theme/shade.ts';
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
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      menu={{
        selectable: true,
        selectedKeys: [wish],
        items: [
          { key: 'light', icon: <SunOutlined />, label: say('frame.theme.light'), onClick: () => choose('light') },
          { key: 'dark', icon: <MoonOutlined />, label: say('frame.theme.dark'), onClick: () => choose('dark') },
          {
            key: 'system',
            icon: <DesktopOutlined />,
            label: say('frame.theme.system'),
            onClick: () => choose('system'),
          },
        ],
      }}
    >
      <Button
        type="text"
        className="theme-switch"
        icon={shade === 'dark' ? <MoonOutlined /> : <SunOutlined />}
        aria-label={say('frame.theme')}
        title={say('frame.theme')}
      />
    </Dropdown>
  );
}
