import { useQuery } from '@tanstack/react-query';
import { useMay } from '../../api/me.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { useWords } from '../../words/words.ts';
import '../screening/drop/drop.css';
import '../screening/screening.css';
import { settingsQuery } from './calls.ts';
import { History } from './history.tsx';
import { Intake } from './intake.tsx';
import './labelling.css';
import { Tabs } from './tabs.tsx';

/** Say once what the files are, drop them, take them back with their labels. */
export function LabelPage() {
  const say = useWords();
  const may = useMay('administrator', 'assessor', 'engineer', 'clerk', 'examiner', 'director');
  const settings = useQuery({ ...settingsQuery, enabled: may });
  return (
    <Page title={say('labelling.title')} lead={say('labelling.lead')} above={<Tabs />}>
      {!may && <EmptyState title={say('labelling.may-not')} text={say('labelling.may-not.text')} />}
      {may && settings.isPending && <Waiting lines={6} />}
      {may && settings.error && <ProblemNote error={settings.error} onRetry={() => void settings.refetch()} />}
      {may && settings.data && <Intake settings={settings.data} />}
      <History />
    </Page>
  );
}
