import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Navigate, Outlet, useLocation, useNavigation } from 'react-router';
import { useLiveStream } from '../api/live.ts';
import { isSignedIn, meQuery, type SignedIn } from '../api/me.ts';
import { features } from '../features/features.ts';
import { wishedTheme, wishTheme } from '../theme/shade.ts';
import { ProblemNote } from '../ui/problem-note.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { chooseLang } from '../words/choice.ts';
import { currentLang, useWords } from '../words/words.ts';
import './frame.css';
import { PaletteDoor } from './palette-door.tsx';
import { Rail } from './rail.tsx';
import { ReachLine } from './reach-line.tsx';
import { TopBar } from './top-bar.tsx';
import { TourDoor } from './tour-door.tsx';

/** What stands around every page of a signed-in person. Who is not signed in is led to the sign-in page and back here after it. */
export function Frame() {
  const { data: me, error, refetch } = useQuery(meQuery);
  const { pathname, search } = useLocation();
  if (error && !me) {
    return (
      <main className="page page-text">
        <ProblemNote error={error} onRetry={() => void refetch()} />
      </main>
    );
  }
  if (!me) return <Waiting lines={1} />;
  if (!isSignedIn(me)) {
    const to = pathname === '/' ? '' : `?to=${encodeURIComponent(pathname + search)}`;
    return <Navigate replace to={`/sign-in${to}`} />;
  }
  return <Around me={me} />;
}

function Around({ me }: { me: SignedIn }) {
  const say = useWords();
  const [railOpen, setRailOpen] = useState(false);
  const { pathname } = useLocation();
  const going = useNavigation().state !== 'idle';
  useWishes(me);
  useLiveStream(me.organisation?.id ?? null, topics);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawer closes when the page changes
  useEffect(() => setRailOpen(false), [pathname]);
  return (
    <div className="frame">
      <a className="skip" href="#page">
        {say('frame.skip')}
      </a>
      <Rail me={me} open={railOpen} onClose={() => setRailOpen(false)} />
      <div className="frame-main">
        <TopBar me={me} onMenu={() => setRailOpen(true)} />
        <ReachLine />
        <div className={going ? 'going is-going' : 'going'} aria-hidden="true" />
        {/* Another organisation is another world: pages begin anew. */}
        <main id="page" key={me.organisation?.id ?? 'none'} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <PaletteDoor me={me} />
      <TourDoor me={me} />
    </div>
  );
}

const topics: Record<string, string> = Object.assign({}, ...features.map((feature) => feature.topics ?? {}));

/** The person's own language and theme follow them to this machine. */
function useWishes({ preferences }: SignedIn): void {
  const { lang, theme } = preferences;
  useEffect(() => {
    if (lang !== undefined && lang !== currentLang()) void chooseLang(lang);
  }, [lang]);
  useEffect(() => {
    if (theme !== wishedTheme()) wishTheme(theme);
  }, [theme]);
}
