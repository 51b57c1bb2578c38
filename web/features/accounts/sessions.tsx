import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { endOtherSessions, endSession, listSessions, type Session } from '../../api/auth.ts';
import { AskFirst } from '../../ui/ask-first.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { useNotice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { useWords } from '../../words/words.ts';
import { nameBrowser } from './browser-name.ts';

/** Where this person is signed in. */
export function Sessions() {
  const say = useWords();
  const client = useQueryClient();
  const notice = useNotice();
  const query = useQuery({ queryKey: ['sessions'], queryFn: listSessions });
  const changed = () => client.invalidateQueries({ queryKey: ['sessions'] });
  const end = useMutation({ mutationFn: endSession, onSuccess: changed, onError: notice.failed });
  const endOthers = useMutation({ mutationFn: endOtherSessions, onSuccess: changed, onError: notice.failed });
  const sessions = query.data ?? [];
  const columns: Column<Session>[] = [
    {
      id: 'browser',
      title: say('accounts.sessions.browser'),
      cell: ({ browser, current }) => (
        <span title={browser ?? undefined}>
          {nameBrowser(browser) ?? say('accounts.sessions.unknown')}
          {current && <strong className="here"> · {say('accounts.sessions.here')}</strong>}
        </span>
      ),
    },
    { id: 'address', title: say('accounts.sessions.address'), cell: ({ address }) => address ?? '–' },
    { id: 'since', title: say('accounts.sessions.since'), cell: ({ since }) => <Time at={since} /> },
    {
      id: 'until',
      title: say('accounts.sessions.until'),
      cell: ({ until }) => <Time at={until} style="day" />,
      wideOnly: true,
    },
    {
      id: 'end',
      title: say('accounts.sessions.end'),
      kind: 'action',
      cell: ({ token, current }) =>
        current ? null : (
          <AskFirst
            what={say('accounts.sessions.end.what')}
            action={say('accounts.sessions.end')}
            onSure={() => end.mutateAsync(token).catch(() => undefined)}
          >
            {say('accounts.sessions.end')}
          </AskFirst>
        ),
    },
  ];
  return (
    <Page
      title={say('accounts.settings.sessions')}
      lead={say('accounts.sessions.lead')}
      action={
        sessions.length > 1 && (
          <AskFirst
            what={say('accounts.sessions.end-others.what')}
            action={say('accounts.sessions.end-others')}
            onSure={() => endOthers.mutateAsync().catch(() => undefined)}
          >
            {say('accounts.sessions.end-others')}
          </AskFirst>
        )
      }
    >
      <DataTable
        caption={say('accounts.settings.sessions')}
        columns={columns}
        rowKey={({ id }) => id}
        empty={null}
        list={{
          rows: sessions,
          state: query.isPending ? 'loading' : query.data ? 'there' : 'failed',
          error: query.error,
          more: null,
          loadingMore: false,
          again: () => void query.refetch(),
        }}
      />
    </Page>
  );
}
