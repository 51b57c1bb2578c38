import { Navigate } from 'react-router';
import { useMe } from '../api/me.ts';
import { visibleEntries } from './visible.ts';

/** The first thing this person comes to do. */
export function Home() {
  const me = useMe();
  return <Navigate replace to={visibleEntries(me)[0]?.to ?? '/settings/profile'} />;
}
