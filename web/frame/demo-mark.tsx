import { useQuery } from '@tanstack/react-query';
import { installationQuery } from '../api/installation.ts';
import { useWords } from '../words/words.ts';

/** Says on every page that what is seen is invented. Nothing on an installation of real people. */
export function DemoMark() {
  const say = useWords();
  const { data } = useQuery(installationQuery);
  if (!data?.demo) return null;
  return (
    <span className="demo-mark" title={say('frame.demo.means')}>
      {say('frame.demo')}
    </span>
  );
}
