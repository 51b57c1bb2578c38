import type { Lang } from '../../../contract/lang.ts';
import type { Both } from '../../../contract/rulebook.ts';
import type { ResultCode } from './form.ts';

/** What the report says around the authority's own names. */
export const words = {
  blank: { zh: '（未填写）', en: '(not filled in)' },
  'other-subject': { zh: '／（不适用）', en: '/ (does not apply)' },
  basis: { zh: '依据', en: 'Under' },
  'rulebook-version': { zh: '规则版本', en: 'rulebook version' },
  'document-id': { zh: '文件编号', en: 'Document' },
  digest: { zh: '内容摘要', en: 'Digest' },
  'digest-of-official': {
    zh: '页脚所载为正式文本的内容摘要。',
    en: 'The digest at the foot is that of the official one.',
  },
  made: { zh: '生成时间', en: 'Made' },
  'unread-form': {
    zh: '本表样尚未与主管部门的原件逐字核对。',
    en: "This form has not been compared word by word with the authority's original.",
  },
  'own-form': {
    zh: '本表样依所引条款自行编排，未见主管部门的官方表样。',
    en: 'Arranged after the clauses that are cited; no official form was read.',
  },
  'beyond-form': { zh: '表样之外的内容', en: 'Beyond the form' },
  'unknown-option': { zh: '（表样之外的选项）', en: '(not an option of the form)' },
  finding: { zh: '评估结果', en: 'Result' },
  'no-finding': { zh: '尚无结果', en: 'none yet' },
  evidence: { zh: '证据', en: 'Evidence' },
  'see-annex': { zh: '见附件一、附件四', en: 'see annexes 1 and 4' },
  closing: { zh: '评估结论与签署', en: 'Conclusion and signatures' },
  conclusion: { zh: '安全评估结论', en: 'Conclusion of the assessment' },
  signature: { zh: '签名', en: 'Signature' },
  role: { zh: '职务', en: 'Role' },
  name: { zh: '姓名', en: 'Name' },
  'signed-at': { zh: '签署时间', en: 'Signed' },
  fingerprint: { zh: '公钥指纹（SHA-256）与签名', en: 'Fingerprint of the key (SHA-256), and signature' },
  'signed-apart': { zh: '电子签名见签署页', en: 'Signed on the signature page' },
  seal: { zh: '（单位公章）', en: '(seal of the organisation)' },
  'seal-label': { zh: '盖章', en: 'Seal' },
  annex1: { zh: '附件一　要求与结论', en: 'Annex 1. Requirements and results' },
  annex2: { zh: '附件二　探针', en: 'Annex 2. Probes' },
  annex3: { zh: '附件三　隐患与整改', en: 'Annex 3. Hazards and rectification' },
  annex4: { zh: '附件四　证据目录', en: 'Annex 4. Index of evidence' },
  clause: { zh: '条款', en: 'Clause' },
  requirement: { zh: '要求', en: 'Requirement' },
  reason: { zh: '理由', en: 'Reason' },
  unverified: { zh: '未核对原文，仅供提示', en: 'Original text not checked; for guidance only' },
  none: { zh: '无。', en: 'None.' },
  nothing: { zh: '—', en: '—' },
  'probe-about': { zh: '对应要求', en: 'Requirements' },
  'probe-kept': { zh: '通过 / 尝试：', en: 'kept / tried:' },
  'probe-all': { zh: '合计', en: 'In all' },
  'probe-subject': { zh: '对象', en: 'What was looked at' },
  'probe-axis': { zh: '比率及其 95 % 置信区间（Wilson）', en: 'Rate with its 95 % interval (Wilson)' },
  'probe-rate': { zh: '比率（95 % 区间）', en: 'Rate (95 % interval)' },
  'probe-untried': { zh: '没有试过样本，没有比率。', en: 'No sample was tried, so there is no rate.' },
  'probe-sample': { zh: '未通过的样本', en: 'Failing sample' },
  'probe-what': { zh: '情况', en: 'What happened' },
  'probe-none-failing': { zh: '没有未通过的样本。', en: 'No sample failed.' },
  no: { zh: '编号', en: 'No.' },
  hazard: { zh: '隐患', en: 'Hazard' },
  severity: { zh: '程度', en: 'Severity' },
  state: { zh: '状态', en: 'State' },
  dates: { zh: '整改日期', en: 'Dates' },
  planned: { zh: '计划', en: 'planned' },
  due: { zh: '整改期限', en: 'Due' },
  'due-on': { zh: '整改期限', en: 'due' },
  extended: { zh: '延期至', en: 'extended to' },
  done: { zh: '完成', en: 'done' },
  'verified-on': { zh: '复核', en: 'verified' },
  schedule: { zh: '整改进度', en: 'Rectification over time' },
  'day-of-report': { zh: '报告日', en: 'day of the report' },
  reproduce: { zh: '重现步骤', en: 'How to reproduce' },
  'evidence-what': { zh: '证据', en: 'Evidence' },
  source: { zh: '来源', en: 'Source' },
  'observed-at': { zh: '取得时间', en: 'Observed' },
  'received-at': { zh: '接收时间', en: 'Received' },
  'valid-until': { zh: '有效期至', en: 'Valid until' },
  'time-zone': { zh: '时间所用时区', en: 'Times are told in' },
} as const satisfies Record<string, Both>;
export type WordKey = keyof typeof words;

/** Of the page that says who signed a report. */
export const signaturePageWords = {
  title: { zh: '签署页', en: 'Signature page' },
  concluded: { zh: '报告定稿时间', en: 'Report concluded' },
  about: {
    zh: '以下人员阅读报告后，以本人密钥对报告文件清单 manifest.json 的 SHA-256 值签名。清单列有每个文件及其 SHA-256 值；任何文件改动后，签名即不成立。',
    en: 'After reading the report, these people signed with their own keys the SHA-256 of manifest.json. It names every file with its own SHA-256: once any of them is changed, the signatures do not hold.',
  },
  signed: { zh: '已签署', en: 'signed' },
  missing: { zh: '尚未签署', en: 'not signed yet' },
  files: { zh: '所签署的文件', en: 'What was signed' },
  manifest: { zh: 'manifest.json 的 SHA-256', en: 'SHA-256 of manifest.json' },
  file: { zh: '文件', en: 'File' },
  check: { zh: '如何核验', en: 'How to check it' },
  how: {
    zh: '将全部文件与 manifest.json 放在同一文件夹内，公钥与签名取自 signatures.json，无需明鉴即可核验：',
    en: 'With all files and manifest.json in one folder, and public key and signature from signatures.json; Clearmirror is not needed:',
  },
} as const satisfies Record<string, Both>;

export const resultWords: Readonly<Record<ResultCode, Both>> = {
  conforms: { zh: '符合', en: 'conforms' },
  fails: { zh: '不符合', en: 'does not conform' },
  'not-applicable': { zh: '不适用', en: 'does not apply' },
  open: { zh: '未定', en: 'open' },
};

/** By the language of the official edition. */
export const readingCopyWords: Readonly<Record<Lang, Both>> = {
  zh: { zh: '本件为参考译本，以中文本为准。', en: 'A copy for reading. The official one is in Chinese.' },
  en: { zh: '本件为参考译本，以英文本为准。', en: 'A copy for reading. The official one is in English.' },
};

export function say(lang: Lang, key: WordKey): string {
  return words[key][lang];
}

/** Page 3 of 12, cut where the numbers go. */
export const pageWords: Readonly<Record<Lang, readonly [string, string, string]>> = {
  zh: ['第 ', ' 页　共 ', ' 页'],
  en: ['Page ', ' of ', ''],
};

/** Between numbers of a list, between a name and what it names, and around an aside. */
export const marks: Readonly<Record<Lang, { and: string; is: string; aside: readonly [string, string] }>> = {
  zh: { and: '、', is: '：', aside: ['（', '）'] },
  en: { and: ', ', is: ': ', aside: [' (', ')'] },
};
