import type { Lang } from '../../../contract/lang.ts';
import type { Both } from '../../../contract/rulebook.ts';

const words = {
  plan: { zh: '安全评估计划', en: 'Assessment plan' },
  results: { zh: '安全评估结果', en: 'Assessment results' },
  poam: { zh: '隐患整改计划', en: 'Plan of action and milestones' },
  'plan-after-run': {
    zh: '本计划由评估记录事后生成，所述即实际执行的测试。',
    en: 'Written from the record after the run: it describes what was done.',
  },
  'results-from-record': {
    zh: '由评估记录生成。逐次测试均在 assessment.json 中；此处列出每项探针的比率和每一次不符合。',
    en: 'Written from the record. Every test is in assessment.json; here are the rates of each probe, and each test that was not kept.',
  },
  'poam-from-record': {
    zh: '由评估记录生成。整改期限与责任人由单位填写。',
    en: 'Written from the record. Deadlines and who is responsible are for the company to fill in.',
  },
  'poam-from-workspace': {
    zh: '由评估工作区生成：每项隐患、整改安排及每一步记录。',
    en: 'Written from the assessment workspace: every hazard, what is planned about it, and each step that was taken.',
  },
  'no-plan': { zh: '未写明措施。', en: 'The measure was not written down.' },
  'milestone-planned': { zh: '安排整改', en: 'Planned' },
  'milestone-due': { zh: '整改期限', en: 'Due' },
  'milestone-extended': { zh: '延期后的期限', en: 'Due after extension' },
  'milestone-done': { zh: '整改完成', en: 'Done' },
  'milestone-verified': { zh: '核验通过', en: 'Verified' },
  'step-found': { zh: '发现', en: 'Found' },
  'step-planned': { zh: '安排整改', en: 'Planned' },
  'step-extended': { zh: '延期', en: 'Extended' },
  'step-done': { zh: '整改完成', en: 'Done' },
  'step-open': { zh: '重新打开', en: 'Opened again' },
  'step-verified': { zh: '核验通过', en: 'Verified' },
  'step-found-again': { zh: '再次发现', en: 'Found again' },
  'step-not-verified': { zh: '核验未通过', en: 'Not verified' },
  'no-ssp': {
    zh: '该服务没有 OSCAL 系统安全计划；所指为 clearmirror.yaml 中登记的服务说明。',
    en: 'There is no OSCAL system security plan of this service. This points to how clearmirror.yaml describes it.',
  },
  'ap-beside': {
    zh: '与本文件同一目录的评估计划。',
    en: 'The assessment plan in the same folder as this document.',
  },
  register: { zh: 'clearmirror.yaml 中的服务说明', en: 'The service in clearmirror.yaml' },
  record: { zh: '评估记录', en: 'The assessment record' },
  provider: { zh: '服务提供者', en: 'Service provider' },
  tool: { zh: '明鉴 Clearmirror', en: 'Clearmirror' },
  'about-tool': { zh: '执行探针并作出判断的软件。', en: 'The software that ran the probes and judged what they saw.' },
  'no-description': { zh: '登记中没有说明。', en: 'The register does not describe it.' },
  'unknown-state': { zh: '登记中没有该功能。', en: 'The register does not know this function.' },
  'unread-rule': {
    zh: '该条原文未经核对，仅作提示。',
    en: 'Nobody has read the text of this rule: it only warns.',
  },
  open: {
    zh: '未定：尚无结论，并非认定不符合。OSCAL 只有“满足”与“不满足”，故记为不满足。',
    en: 'Open: not settled yet, which is no verdict against it. OSCAL has only satisfied and not-satisfied.',
  },
  'not-applicable': {
    zh: '不适用：该要求不涉及该服务，故没有不满足之处。',
    en: 'Does not apply: it asks nothing of this service, so nothing is left unsatisfied.',
  },
  interval: {
    zh: '符合的次数及 95 % Wilson 置信区间：',
    en: 'How often it was kept, with the Wilson interval at 95 %:',
  },
  untried: { zh: '没有可计的测试，故没有比率。', en: 'Nothing that counts was tried, so there is no rate.' },
  lost: { zh: '每一次不符合：', en: 'Each test that was not kept is a piece of evidence:' },
  reproduce: { zh: '重现步骤：', en: 'To see it again:' },
} as const satisfies Record<string, Both>;

export function word(lang: Lang, key: keyof typeof words): string {
  return words[key][lang];
}
