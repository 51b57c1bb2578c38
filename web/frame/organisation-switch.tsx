import { BankOutlined, DownOutlined, ShopOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { Organisation } from '../../src/contract/accounts.ts';
import { actFor } from '../api/acting-for.ts';
import { meQuery, type SignedIn } from '../api/me.ts';
import { Menu } from '../ui/menu.tsx';
import { useNotice } from '../ui/notice.tsx';
import { useWords } from '../words/words.ts';

/** For whom this tab acts. With one organisation it is only a name. */
export function OrganisationSwitch({ me }: { me: SignedIn }) {
  const say = useWords();
  const change = useActFor();
  const { organisation, memberships } = me;
  if (!organisation) return <span className="bar-organisation quiet">{say('frame.organisation.none')}</span>;
  const name = (
    <>
      <KindIcon kind={organisation.kind} />
      <span className="bar-organisation-name">{organisation.name}</span>
    </>
  );
  if (memberships.length === 1) return <span className="bar-organisation">{name}</span>;
  return (
    <Menu
      className="bar-organisation bar-choice"
      label={say('frame.organisation.change', { name: organisation.name })}
      button={
        <>
          {name}
          <DownOutlined className="bar-down" />
        </>
      }
      items={memberships.map(({ organisation: other, roles }) => ({
        id: other.id,
        icon: <KindIcon kind={other.kind} />,
        checked: other.id === organisation.id,
        label: (
          <span className="organisation-choice">
            <span>{other.name}</span>
            <span className="quiet">{roles.map((role) => say(`frame.role.${role}`)).join(' · ')}</span>
          </span>
        ),
        onChoose: () => void change(other),
      }))}
    />
  );
}

function useActFor(): (organisation: Organisation) => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  const notice = useNotice();
  const say = useWords();
  return async (organisation) => {
    actFor(organisation.id);
    await client.cancelQueries();
    await client.refetchQueries({ queryKey: meQuery.queryKey });
    await navigate('/');
    // Nothing of the organisation before may show through.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meQuery.queryKey[0] });
    notice.announce(say('frame.organisation.changed', { name: organisation.name }));
  };
}

function KindIcon({ kind }: { kind: Organisation['kind'] }) {
  return kind === 'authority' ? <BankOutlined /> : <ShopOutlined />;
}
