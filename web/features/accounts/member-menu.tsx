import { EllipsisOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import type { Member } from '../../../src/contract/accounts.ts';
import { api, ask } from '../../api/api.ts';
import { useAskFirst } from '../../ui/ask-first.tsx';
import { useNotice } from '../../ui/notice.tsx';
import { useWords } from '../../words/words.ts';

/** What an administrator may do with a member. Of themselves only the roles: the rest is in their own settings. */
export function MemberMenu(props: { member: Member; self: boolean; onRoles: () => void; onNewPassword: () => void }) {
  const { member, self, onRoles, onNewPassword } = props;
  const { name } = member;
  const say = useWords();
  const askFirst = useAskFirst();
  const act = useActs(member);
  const others = [
    { key: 'password', label: say('accounts.members.new-password'), onClick: onNewPassword },
    ...(member.twoFactor
      ? [
          {
            key: 'factor',
            label: say('accounts.members.drop-factor'),
            onClick: () =>
              askFirst({
                title: say('accounts.members.drop-factor'),
                what: say('accounts.members.drop-factor.what', { name }),
                onSure: () => act('second-factor'),
              }),
          },
        ]
      : []),
    {
      key: 'remove',
      danger: true,
      label: say('accounts.members.remove'),
      onClick: () =>
        askFirst({
          title: say('accounts.members.remove'),
          what: say('accounts.members.remove.what', { name }),
          onSure: () => act('membership'),
        }),
    },
  ];
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      menu={{
        items: [
          { key: 'roles', label: say('accounts.members.change-roles'), onClick: onRoles },
          ...(self ? [] : others),
        ],
      }}
    >
      <Button
        size="small"
        type="text"
        icon={<EllipsisOutlined />}
        aria-label={say('accounts.members.menu', { name })}
      />
    </Dropdown>
  );
}

function useActs({ id, name }: Member): (what: 'membership' | 'second-factor') => Promise<void> {
  const say = useWords();
  const client = useQueryClient();
  const notice = useNotice();
  const params = { path: { id } };
  const act = useMutation({
    mutationFn: (what: 'membership' | 'second-factor') =>
      what === 'membership'
        ? ask(api.DELETE('/api/v1/members/{id}', { params }))
        : ask(api.DELETE('/api/v1/members/{id}/second-factor', { params })),
  });
  return (what) =>
    act.mutateAsync(what).then(
      async () => {
        const done = what === 'membership' ? 'accounts.members.removed' : 'accounts.members.drop-factor.done';
        notice.done(say(done, { name }));
        await client.invalidateQueries({ queryKey: ['members'] });
      },
      (error: unknown) => notice.failed(error),
    );
}
