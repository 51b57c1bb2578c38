import { Button } from 'antd';
import { useState } from 'react';
import type { Member } from '../../../src/contract/accounts.ts';
import { api, ask } from '../../api/api.ts';
import { useMay, useMe, useOrganisation } from '../../api/me.ts';
import { usePages } from '../../api/pages.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import { Invitations } from './invitations.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { MemberAsked } from './member-asked.tsx';
import { type MemberDialog, MemberMenu } from './member-menu.tsx';
import { NewPasswordDialog } from './new-password-dialog.tsx';
import { RolesDialog } from './roles-dialog.tsx';

type Opened = { dialog: 'invite' } | { dialog: MemberDialog; member: Member } | null;

/** Who acts for this organisation, and who is invited to. */
export function Members() {
  const say = useWords();
  const { kind, name } = useOrganisation();
  const administrator = useMay('administrator');
  const [opened, setOpened] = useState<Opened>(null);
  const close = () => setOpened(null);
  return (
    <Page
      title={say('accounts.settings.members')}
      lead={say('accounts.members.lead', { name })}
      action={
        administrator && (
          <Button type="primary" onClick={() => setOpened({ dialog: 'invite' })}>
            {say('accounts.members.invite')}
          </Button>
        )
      }
    >
      <MemberList administrator={administrator} onOpen={setOpened} />
      {administrator && (
        <Section title={say('accounts.invitations')} lead={say('accounts.invitations.lead')}>
          <Invitations />
        </Section>
      )}
      {opened?.dialog === 'invite' && <InviteDialog kind={kind} onClose={close} />}
      {opened?.dialog === 'roles' && <RolesDialog kind={kind} member={opened.member} onClose={close} />}
      {opened?.dialog === 'password' && <NewPasswordDialog member={opened.member} onClose={close} />}
      {opened?.dialog === 'factor' && <MemberAsked what="drop-factor" member={opened.member} onClose={close} />}
      {opened?.dialog === 'remove' && <MemberAsked what="remove" member={opened.member} onClose={close} />}
    </Page>
  );
}

function MemberList({ administrator, onOpen }: { administrator: boolean; onOpen: (opened: Opened) => void }) {
  const say = useWords();
  const me = useMe();
  const list = usePages(['members'], () => ask(api.GET('/api/v1/members')));
  const columns: Column<Member>[] = [
    {
      id: 'name',
      title: say('accounts.name'),
      cell: ({ id, name, lockedUntil }) => (
        <span className="who">
          <span>
            {name}
            {id === me.person.id && <span className="quiet"> · {say('accounts.members.you')}</span>}
          </span>
          {lockedUntil && (
            <span className="locked">
              {say('accounts.members.locked')} <Time at={lockedUntil} />
            </span>
          )}
        </span>
      ),
    },
    { id: 'email', title: say('accounts.email'), cell: ({ email }) => email },
    {
      id: 'roles',
      title: say('accounts.roles'),
      cell: ({ roles }) => roles.map((role) => say(`frame.role.${role}`)).join(' · '),
    },
    {
      id: 'factor',
      title: say('accounts.members.factor'),
      cell: ({ twoFactor }) => say(twoFactor ? 'accounts.on' : 'accounts.off'),
    },
    {
      id: 'since',
      title: say('accounts.members.since'),
      cell: ({ since }) => <Time at={since} style="day" />,
      wideOnly: true,
    },
  ];
  const actions: Column<Member> = {
    id: 'actions',
    title: say('accounts.actions'),
    kind: 'action',
    cell: (member) => (
      <MemberMenu member={member} self={member.id === me.person.id} onOpen={(dialog) => onOpen({ dialog, member })} />
    ),
  };
  return (
    <DataTable
      caption={say('accounts.settings.members')}
      columns={administrator ? [...columns, actions] : columns}
      list={list}
      rowKey={({ id }) => id}
      empty={null}
    />
  );
}
