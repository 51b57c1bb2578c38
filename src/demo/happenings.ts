import { happeningSchema, happeningsSchema, type NewHappening } from '../contract/happenings.ts';
import type { MoveDay } from './dates.ts';
import type { Door } from './door.ts';
import { type Crew, organisations } from './people.ts';

const service = 'moonlit-rooms';
/** What befell the voice rooms: a notice that starts the clock of thirty working days. */
const notice = {
  kind: 'authority-notice',
  on: '2026-11-12',
  issuer: 'internet-information',
  level: organisations.authority.level,
  name: organisations.authority.name,
  note: '通知称：语音房用户半年内增至七倍，须重新开展安全评估。 / The notice says: users of the rooms grew sevenfold in half a year, so they are to be assessed again.',
} as const satisfies NewHappening;

export async function recordHappenings(crew: Crew, door: Door, move: MoveDay): Promise<void> {
  const as = await crew.as('zhou');
  const path = `/api/v1/services/${service}/happenings`;
  const { items } = await door.ask({ as, path, answer: happeningsSchema });
  if (items.some(({ kind }) => kind === notice.kind)) return;
  const body = { ...notice, on: move(notice.on) };
  await door.ask({ as, method: 'POST', path, body, answer: happeningSchema });
}
