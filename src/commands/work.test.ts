import { expect, test } from 'vitest';
import { clearmirror } from '../../test/clearmirror.ts';

test.each([
  ['work without a server to work for', ['work'], 'en_US.UTF-8', 'CLEARMIRROR_DATABASE_URL'],
  ['the same in Chinese', ['work'], 'zh_CN.UTF-8', '内嵌数据库只归一个进程使用'],
  ['a number of workers that is none', ['work', '--workers', 'many'], 'en_US.UTF-8', '1 … 64'],
  ['nobody at work', ['work', '--workers', '0'], 'en_US.UTF-8', '1 … 64'],
  ['a server whose workers are no number', ['serve', '--workers', 'two'], 'en_US.UTF-8', '0 … 64'],
])('%s is refused and nothing is begun', async (_what, args, LANG, said) => {
  const refused = await clearmirror(args, { env: { LANG } });
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toContain(said);
});
