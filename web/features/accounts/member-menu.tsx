import { EllipsisOutlined } from '@ant-design/icons';
import type { Member } from '../../../src/contract/accounts.ts';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { useWords } from '../../words/words.ts';

export type MemberDialog = 'roles' | 'password' | 'factor' | 'remove';

/** What an administrator may do with a member. Of themselves only the roles: the rest is in their own settings. */
export function MemberMenu(props: { member: Member; self: boolean; onOpen: (dialog: MemberDialog) => void }) {
  const { member, self, onOpen } = props;
  const say = useWords();
  const item = (id: MemberDialog, label: string): MenuItem => ({ id, label, onChoose: () => onOpen(id) });
  const others = [
    item('password', say('accounts.members.new-password')),
    ...(member.twoFactor ? [item('factor', say('accounts.members.drop-factor'))] : []),
    { ...item('remove', say('accounts.members.remove')), danger: true, apart: true },
  ];
  return (
    <Menu
      className="quiet-small"
      label={say('accounts.members.menu', { name: member.name })}
      button={<EllipsisOutlined />}
      items={[item('roles', say('accounts.members.change-roles')), ...(self ? [] : others)]}
    />
  );
}
