import { describe, expect, test } from 'vitest';
import type { PageBrowser } from '../../../box/browser.ts';
import type { SeenLabel } from '../../../box/labelling-protocol.ts';
import type { Check } from '../../../contract/screening.ts';
import { targetSchema } from '../../../contract/target.ts';
import { sayTrial } from '../../../contract/trial-words.ts';
import type { Seen } from '../look.ts';
import type { Offered } from '../publishing.ts';
import type { Copy } from '../samples/copies.ts';
import { sampleProducer } from '../samples/make-samples.ts';
import type { Sample } from '../samples/sample.ts';
import type { Answer, Client } from '../target/client.ts';
import { TargetFailure } from '../target/failure.ts';
import { RecordingFault } from '../target/recording.ts';
import { openService } from '../target/service.ts';
import { type Told, toldOf } from '../told.ts';
import { judgeChannel, judgeComplaint } from './complaints/judge.ts';
import { judgeCredentials } from './credentials-survive/judge.ts';
import { judgeExport } from './exports-labelled/judge.ts';
import { judgeRendition } from './labels-survive/judge.ts';
import { judgeFields, judgeReach } from './logs/judge.ts';
import { judgeRefusal } from './malformed/judge.ts';
import type { Seeing } from './probe.ts';
import { judgeSign, signOnPage } from './public-sign/judge.ts';
import { judgeTold } from './public-sign/probe.ts';
import { receptionOf } from './reupload-recognised/judge.ts';
import { judgeCopy } from './reupload-recognised/probe.ts';

const short = (seen: Seeing[]) => seen.map(({ outcome, code }) => `${outcome} ${code}`);

const sample: Sample = {
  ...{ id: 'a-01', treatment: 'labelled', format: 'png', kind: 'image', path: '', bytes: 1, sha256: '' },
  ...{ produceId: 'p-01', manifest: 'urn:c2pa:own' },
};
const fields = {
  ...{ Label: '1', ContentProducer: sampleProducer, ProduceID: 'p-01', ReservedCode1: '' },
  ...{ ContentPropagator: 'platform', PropagateID: '7', ReservedCode2: '' },
};
const label = (change: Partial<typeof fields> = {}): SeenLabel => ({
  ...{ path: 'tEXt[0]', location: '', current: true, unknownFields: false },
  fields: { ...fields, ...change },
});
const seen = (labels: SeenLabel[], checks: Check[] | null = null): Seen => ({
  state: 'examined',
  format: 'png',
  labels,
  checks,
  credentials: { state: 'none' },
});
const signed = (credentials: Extract<Seen, { state: 'examined' }>['credentials']): Seen => ({
  ...{ state: 'examined', format: 'png', labels: [], checks: null },
  credentials,
});

describe('a rendition', () => {
  test.each<[string, Seen, string[]]>([
    ['as it must be', seen([label()]), ['kept label-kept', 'kept propagation-written']],
    ['without its label', seen([]), ['lost label-gone']],
    ['with two labels', seen([label(), label()]), ['lost label-twice']],
    ['with a label that cannot be read', seen([{ ...label(), fields: null }]), ['lost label-unreadable']],
    [
      'with another producer',
      seen([label({ ContentProducer: 'else' })]),
      ['lost label-changed', 'kept propagation-written'],
    ],
    ['with a lowered Label', seen([label({ Label: '3' })]), ['lost label-changed', 'kept propagation-written']],
    [
      'without the platform',
      seen([label({ ContentPropagator: ' ' })]),
      ['kept label-kept', 'lost propagation-missing'],
    ],
    ['without a number', seen([label({ PropagateID: '' })]), ['kept label-kept', 'lost propagation-missing']],
    ['that brought the box down', { state: 'unexaminable', reason: 'memory' }, ['unclear unexaminable']],
  ])('%s', (_what, given, expected) => {
    expect(short(judgeRendition(sample, 'web', given))).toEqual(expected);
  });
});

describe('a signed manifest', () => {
  const own = { state: 'holds', label: 'urn:c2pa:own', isAi: true, parents: [] } as const;
  const renewed = { ...own, label: 'urn:c2pa:new' };
  const parent = { isAi: true, isBroken: false };
  test.each<[string, Seen, string[]]>([
    ['as it was', signed({ ...own, parents: [] }), ['kept credentials-kept']],
    ['renewed over the old one', signed({ ...renewed, parents: [parent] }), ['kept credentials-renewed']],
    [
      'renewed over something else',
      signed({ ...renewed, parents: [{ ...parent, isAi: false }] }),
      ['lost credentials-unchained'],
    ],
    ['made anew, without the old one', signed({ ...renewed, parents: [] }), ['lost credentials-unchained']],
    [
      'renewed over what no longer held',
      signed({ ...renewed, parents: [{ ...parent, isBroken: true }] }),
      ['lost credentials-parent-broken'],
    ],
    [
      'renewed without saying that it is generated',
      signed({ ...renewed, isAi: false, parents: [parent] }),
      ['lost credentials-undeclared'],
    ],
    ['that is gone', signed({ state: 'none' }), ['lost credentials-none']],
    ['that does not hold', signed({ state: 'broken' }), ['lost credentials-broken']],
    ['that lies elsewhere', signed({ state: 'unclear' }), ['unclear credentials-unclear']],
    ['in a file that brought the box down', { state: 'unexaminable', reason: 'memory' }, ['unclear unexaminable']],
  ])('%s', (_what, given, expected) => {
    expect(short([judgeCredentials(sample, 'web', given)])).toEqual(expected);
  });
});

describe('a copy of a known fake', () => {
  const known = {
    request: { method: 'POST' as const, path: '/known', headers: {} },
    refusal: { path: '$.code', is: ['known-fake'] },
  };
  const refused = (status: number, body: { code: string } | null): Offered => ({ state: 'refused', status, body });
  const published: Offered = { state: 'published', published: { item: '1', renditions: [], sign: null } };
  const told = (sign: Told['told'], status = 200): Told[] => [
    { place: 'state', told: 'none', unread: null, status: 200, url: null },
    { place: 'page', told: sign, unread: null, status, url: null },
  ];
  const copy: Copy = {
    ...sample,
    id: 'a-01~crop',
    treatment: 'copy',
    of: sample,
    edits: [{ id: 'crop', kind: 'image' }],
  };
  test.each<[string, Offered, Told[], string]>([
    ['refused in the words of the target', refused(422, { code: 'known-fake' }), [], 'kept copy-refused'],
    ['refused for something else', refused(422, { code: 'unreadable' }), [], 'unclear copy-refused-otherwise'],
    ['refused without a word', refused(403, null), [], 'unclear copy-refused-otherwise'],
    ['shown as suspected', published, told('suspected'), 'kept copy-signed'],
    ['shown without a sign', published, told('none'), 'lost copy-unrecognised'],
    ['shown on a page that nobody can read', published, told(null, 500), 'unclear page-unread'],
    ['published where only refusals tell', published, [], 'lost copy-unrecognised'],
  ])('%s', (_what, offered, signs, expected) => {
    expect(short([judgeCopy(copy, 'image/crop', receptionOf(offered, signs, known))])).toEqual([expected]);
  });

  test('is the duty to take down identical copies only where nobody touched it', () => {
    const reception = { state: 'published' } as const;
    const of = (edits: Copy['edits']) => judgeCopy({ ...copy, edits }, 'x', reception).requirements.includes('USTID-3');
    expect([of([]), of(copy.edits)]).toEqual([true, false]);
  });
});

describe('an export', () => {
  const check = (id: string, outcome: Check['outcome']): Check => ({
    id,
    outcome,
    code: 'x',
    clause: 'c',
    verified: true,
  });
  test.each<[string, Seen, string[]]>([
    ['with both labels', seen([label()], [check('GB-X2', 'pass')]), ['kept explicit-x', 'kept label-kept']],
    ['with a small explicit label', seen([label()], [check('GB-X2', 'fail')]), ['lost explicit-x', 'kept label-kept']],
    ['that nobody can tell', seen([label()], [check('GB-X3', 'warn')]), ['unclear explicit-x', 'kept label-kept']],
    ['judged by other regimes too', seen([label()], [check('USCA-3', 'fail')]), ['kept label-kept']],
    ['without implicit label', seen([], []), ['lost label-gone']],
    ['that is not said to be generated', seen([label({ Label: '2' })], []), ['lost label-changed']],
  ])('%s', (_what, given, expected) => {
    expect(short(judgeExport('swap/png', given))).toEqual(expected);
  });
});

describe('a page', () => {
  const says = {
    confirmed: ['人工智能生成合成内容'],
    possible: ['可能为人工智能生成合成内容'],
    suspected: ['疑似人工智能生成合成内容'],
  };
  const filler = 'A film that somebody uploaded on a Monday in November, with a title and a comment.';
  const labelled = '人工智能生成合成内容';
  test.each<[string, string, unknown]>([
    ['with a sign', `${filler} 人工智能生成合成内容`, 'confirmed'],
    ['whose sign contains another one', `${filler} 可能为人工智能生成合成内容`, 'possible'],
    ['whose words are broken over lines', `${filler} 可能为人工智能生成合成内容`.replace(' ', '\n\t '), 'possible'],
    ['whose sign is broken over lines', `${filler} 可能为\n  人工智能生成 合成内容`, 'possible'],
    ['with little but the sign', labelled, 'confirmed'],
    ['without any', filler, 'none'],
    ['without any, in Chinese', '最新作品 一只在雪地里奔跑的狐狸 发布于昨天', 'none'],
    ['that only says that it loads', ' \n 加载中… ', null],
    ['that is a frame around nothing', 'Home Sign in About us', null],
    ['that is a frame around nothing, in Chinese', '首页 发现 登录 关于我们', null],
  ])('%s', (_what, words, expected) => {
    expect(signOnPage({ words, missing: [] }, says).told).toBe(expected);
  });

  const script = 'https://cdn.example/app.js';
  test.each<[string, Parameters<typeof judgeTold>[0], string, string[], string]>([
    ['the right sign', 'labelled', `${filler} ${labelled}`, [script], 'kept sign-right'],
    ['the right sign, in few words', 'labelled', labelled, [], 'kept sign-right'],
    ['nothing, of what was declared', 'declared', filler, [], 'lost sign-missing'],
    ['nothing, without its script', 'declared', filler, [script], 'unclear page-incomplete'],
    ['nothing of the genuine, without its script', 'genuine', filler, [script], 'unclear page-incomplete'],
    ['another sign, without its script', 'declared', `${filler} ${labelled}`, [script], 'unclear page-incomplete'],
    ['any of the genuine, without its script', 'genuine', `${filler} ${labelled}`, [script], 'unclear page-incomplete'],
    ['nothing, in few words', 'declared', 'Home', [], 'unclear page-without-words'],
    ['another sign, in few words', 'declared', labelled, [], 'unclear page-without-words'],
  ])('that tells %s', (_what, treatment, words, missing, expected) => {
    const read = signOnPage({ words, missing }, says);
    const seeing = judgeTold(treatment, { place: 'page', ...read, missing, status: 200, url: 'https://a.example/1' });
    expect(short([seeing])).toEqual([expected]);
    if (seeing.code === 'page-incomplete') expect(sayTrial({ params: {}, ...seeing }, 'en')).toContain(script);
  });

  test.each([
    ['labelled', 'confirmed', 'kept sign-right'],
    ['declared', 'none', 'lost sign-missing'],
    ['traces', 'confirmed', 'lost sign-wrong'],
    ['genuine', 'none', 'kept sign-right'],
    ['genuine', 'suspected', 'lost genuine-flagged'],
  ] as const)('%s, told %s: %s', (treatment, told, expected) => {
    expect(short([judgeSign(treatment, 'page', told)])).toEqual([expected]);
  });
});

describe('a page that wants a script', () => {
  const url = 'https://a.example/watch/1';
  const target = targetSchema.parse({
    hosts: ['https://a.example'],
    page: { request: { path: '/watch/{{item}}' }, says: { confirmed: ['AI'], possible: ['Maybe'], suspected: ['Hm'] } },
  });
  const published = { item: '1', renditions: [], sign: null };
  const answer = (status: number): Answer => ({ status, url, type: 'text/html', bytes: Buffer.from(''), ms: 1 });
  /** Of a page that says much, and may say more by its script. */
  async function told(script: () => Answer) {
    const client: Client = { asked: () => 1, ask: async (ask) => (ask.url.href === url ? answer(200) : script()) };
    const words = 'A film that somebody uploaded on a Monday in November.';
    const browser: PageBrowser = {
      read: async ({ fetch }) => ({ words, missing: (await fetch('/app.js')) ? [] : ['https://a.example/app.js'] }),
      close: async () => {},
    };
    const service = openService(target, { client, values: {}, marks: {}, browser });
    return (await toldOf(published, service)).map((one) => one.told ?? one.unread);
  }
  const fails = (error: Error) => () => {
    throw error;
  };

  test.each<[string, () => Answer, string]>([
    ['and gets it', () => answer(200), 'none'],
    ['that is not there', () => answer(404), 'none'],
    ['that is not for everybody', () => answer(401), 'none'],
    ['while the service is in trouble', () => answer(503), 'page-incomplete'],
    ['and asks too often', () => answer(429), 'page-incomplete'],
    ...(['requests-used-up', 'too-slow', 'no-answer', 'too-large', 'elsewhere', 'not-recorded'] as const).map(
      (code): [string, () => Answer, string] => [`(${code})`, fails(new TargetFailure(code)), 'page-incomplete'],
    ),
  ])('%s', async (_what, script, expected) => {
    expect(await told(script)).toEqual([expected]);
  });

  test('is not judged where the fault is ours, or the run was stopped', async () => {
    for (const fault of [new RecordingFault('broken'), new DOMException('stopped', 'AbortError')])
      await expect(told(fails(fault))).rejects.toBe(fault);
  });
});

describe('a complaint', () => {
  const now = Date.parse('2026-11-23T00:00:00Z');
  const hoursAgo = (hours: number) => now - hours * 3_600_000;
  const times = (receivedAt: number | null, handledAt: number | null) => ({
    receivedAt,
    acknowledgedAt: null,
    handledAt,
  });
  test.each([
    ['handled in time', times(hoursAgo(50), hoursAgo(10)), ['kept complaint-in-time']],
    ['handled on the last hour', times(hoursAgo(130), hoursAgo(10)), ['kept complaint-in-time']],
    ['handled late', times(hoursAgo(200), hoursAgo(10)), ['lost complaint-late']],
    ['never handled', times(hoursAgo(200), null), ['lost complaint-overdue']],
    ['with time left', times(hoursAgo(5), null), []],
    ['without a time', times(null, null), ['unclear complaint-without-time']],
    ['handled before it came', times(hoursAgo(5), hoursAgo(9)), ['unclear complaint-without-time']],
  ])('%s', (_what, given, expected) => {
    expect(short(judgeComplaint(given, 120, now))).toEqual(expected);
  });

  const page = '关于微光视频：虚构的平台，仅用于测试，没有用户。 About us';
  const shown = (words: string, missing: string[] = []) => ({ status: 200, words, missing, unread: null });
  const answered = (status: number) => ({ status, words: null, missing: [], unread: 'page-status' as const });
  const missing = ['https://cdn.example/app.js'];
  test.each<[string, Parameters<typeof judgeChannel>[0], string[], string]>([
    ['told', shown('首页 投诉举报'), ['投诉举报'], 'kept channel-public'],
    ['told over two lines', shown('How to file\n      a complaint'), ['file a complaint'], 'kept channel-public'],
    ['told over two lines, in Chinese', shown('如何投诉\n 举报'), ['投诉举报'], 'kept channel-public'],
    ['told on a page without its script', shown(`${page} 投诉举报`, missing), ['投诉举报'], 'kept channel-public'],
    ['of a page whose words nobody named', shown(page), [], 'kept channel-public'],
    ['untold', shown(page), ['投诉举报'], 'lost channel-untold'],
    ['untold on a page without its script', shown(page, missing), ['投诉举报'], 'unclear page-incomplete'],
    ['untold on a page that did not draw itself', shown('About us'), ['投诉举报'], 'unclear page-without-words'],
    ['of a page that did not draw itself, without words named', shown('About us'), [], 'unclear page-without-words'],
    ['not there', answered(404), ['投诉举报'], 'lost channel-hidden'],
    ['behind a lock', answered(401), ['投诉举报'], 'lost channel-hidden'],
    ['in trouble', answered(503), ['投诉举报'], 'unclear page-status'],
    ['asked too often', answered(429), ['投诉举报'], 'unclear page-status'],
    [
      'that no browser shows',
      { ...answered(200), unread: 'page-browser-hung' },
      ['投诉举报'],
      'unclear page-browser-hung',
    ],
  ])('its channel: %s', (_what, given, texts, expected) => {
    expect(short([judgeChannel(given, texts)])).toEqual([expected]);
  });
});

test('a log is judged field by field, and what the target does not place is no accusation', () => {
  const seenFields = judgeFields([
    { account: 'a', sourcePort: null },
    { account: ' ', sourcePort: '1' },
  ]);
  const about = (field: string) => short(seenFields.filter(({ subject }) => subject === field));
  expect(about('account')).toEqual(['kept log-field-held', 'lost log-field-missing']);
  expect(about('sourcePort')).toEqual(['lost log-field-missing', 'kept log-field-held']);
  expect(about('device')).toEqual(['unclear log-field-not-placed']);
});

test.each([
  [183, 'kept log-reaches-back'],
  [182.9, 'lost log-too-short'],
  [null, 'unclear log-without-time'],
])('a log of %s days: %s', (days, expected) => {
  const now = Date.parse('2026-11-23T00:00:00Z');
  expect(short([judgeReach(days === null ? null : now - days * 86_400_000, 183, now)])).toEqual([expected]);
});

test.each([
  [413, 'kept malformed-refused'],
  [500, 'lost malformed-server-error'],
  [201, 'lost malformed-accepted'],
])('a broken file answered with %i: %s', (status, expected) => {
  expect(short([judgeRefusal('noise', status, 5)])).toEqual([expected]);
});
