import type { ComponentType } from 'react';
import type { Me } from '../../../src/contract/accounts.ts';
import { withSentences } from '../../words/words.ts';

export interface SettingsPage {
  path: string;
  group: 'you' | 'organisation' | 'installation';
  word: string;
  /** More words that find it in the palette. */
  also: string;
  may?: (me: Me) => boolean;
  load: () => Promise<ComponentType>;
}

/** The pages of the settings, in the order of their list. */
export const settingsPages: SettingsPage[] = [
  {
    path: 'profile',
    group: 'you',
    word: 'accounts.settings.profile',
    also: 'name password profile 姓名 密码',
    load: async () => (await import('./profile.tsx')).Profile,
  },
  {
    path: 'second-factor',
    group: 'you',
    word: 'accounts.settings.second-factor',
    also: 'two-factor 2fa totp backup codes 两步验证 动态口令',
    load: async () => (await import('./second-factor.tsx')).SecondFactor,
  },
  {
    path: 'sessions',
    group: 'you',
    word: 'accounts.settings.sessions',
    also: 'sessions devices 会话 设备',
    load: async () => (await import('./sessions.tsx')).Sessions,
  },
  {
    path: 'appearance',
    group: 'you',
    word: 'accounts.settings.appearance',
    also: 'language theme blur grey muted 语言 主题 模糊 静音',
    load: async () => (await import('./appearance.tsx')).Appearance,
  },
  {
    path: 'members',
    group: 'organisation',
    word: 'accounts.settings.members',
    also: 'members invite roles people 成员 邀请 角色',
    may: isMember,
    load: async () => (await import('./members.tsx')).Members,
  },
  {
    path: 'keys',
    group: 'organisation',
    word: 'accounts.settings.keys',
    also: 'api keys tokens 密钥',
    may: isAdministrator,
    load: async () => (await import('./keys.tsx')).Keys,
  },
  {
    path: 'activity',
    group: 'organisation',
    word: 'accounts.settings.activity',
    also: 'activity audit log events 审计 日志',
    may: isAdministrator,
    load: async () => (await withSentences(import('./activity.tsx'))).Activity,
  },
  {
    path: 'organisations',
    group: 'installation',
    word: 'accounts.settings.organisations',
    also: 'organisations companies authorities 机构 主体 主管部门',
    may: ({ person }) => person?.operator ?? false,
    load: async () => (await import('./organisations.tsx')).Organisations,
  },
  {
    path: 'about',
    group: 'installation',
    word: 'accounts.settings.about',
    also: 'about version licence 关于 版本 许可',
    load: async () => (await import('./about.tsx')).About,
  },
];

function isMember({ organisation }: Me): boolean {
  return organisation !== null;
}

function isAdministrator({ roles }: Me): boolean {
  return roles.includes('administrator');
}
