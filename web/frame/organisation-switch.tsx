import { BankOutlined, DownOutlined, ShopOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { useNavigate } from 'react-router';
import type { Organisation } from '../../src/contract/accounts.ts';
import { actFor } from '../api/acting-for.ts';
import { meQuery, type SignedIn } from '../api/me.ts';
import { useNotice } from '../ui/notice.tsx';
import { useWords } from '../words/words.ts';

/** For whom this tab acts. With one organisation it is only a name. */
export function OrganisationSwitch({ me }: { me: SignedIn }) {
  const say = useWords();
  const change = useActFor();
  const { organisation, memberships } = me;
  if (!organisation) return <span className="bar-organisation quiet">{say('frame.organisation.none')}</span>;
  if (memberships.length === 1) {
    return (
      <span className="bar-organisation">
        <KindIcon kind={organisation.kind} />
        <span className="bar-organisation-name">{organisation.name}</span>
      </span>
    );
  }
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectable: true,
        selectedKeys: [organisation.id],
        items: memberships.map(({ organisation: other, roles }) => ({
          key: other.id,
          icon: <KindIcon kind={other.kind} />,
          label: (
            <span className="organisation-choice">
              <span>{other.name}</span>
              <span className="quiet">{roles.map((role) => say(`frame.role.${role}`)).join(' · ')}</span>
            </span>
          ),
          onClick: () => void change(other),
        })),
      }}
    >
      <Button
        type="text"
        className="bar-organisation"
        aria-label={say('frame.organisation.change', { name: organisation.name })}
      >
        <KindIcon kind={organisation.kind} />
        <span className="bar-organisation-name">{organisation.name}</span>
        <DownOutlined className="bar-down" />
      </Button>
    </Dropdown>
  );
}

function useActFor(): (organisation: Organisation) => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  const notice = useNotice();
  const say = useWords();
  return async (organisation) => {
    actFor(organisation.id);
    await navigate('/');
    // Nothing of the organisation before may show through.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meQuery.queryKey[0] });
    await client.refetchQueries({ queryKey: meQuery.queryKey });
    await navigate('/');
    notice.announce(say('frame.organisation.changed', { name: organisation.name }));
  };
}

function KindIcon({ kind }: { kind: Organisation['kind'] }) {
  return kind === 'authority' ? <BankOutlined /> : <ShopOutlined />;
}
