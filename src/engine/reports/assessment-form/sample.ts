import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { rulebookSchema } from '../../../contract/rulebook.ts';
import type { Answer, Evidence, FilledForm, RequirementResult, ResultCode } from './form.ts';

const file = new URL('../../../../rulebooks/cn-2018/rulebook.yaml', import.meta.url);
export const rulebook = rulebookSchema.parse(parse(readFileSync(file, 'utf8')));

/** The 2018 form as a company would fill it in for a voice room, of any size. For tests and benchmarks. */
export function sampleForm(size: {
  requirements: number;
  evidence: number;
  probes: number;
  hazards: number;
}): FilledForm {
  if (!rulebook.form) throw new Error('the 2018 rulebook has a form');
  return {
    form: rulebook.form,
    lang: 'zh',
    title: '语聊房「云上客厅」实时变声功能安全评估',
    document: {
      id: 'CM-SA-2026-0117',
      createdAt: '2026-11-22T06:05:00Z',
      timeZone: 'Asia/Shanghai',
      rulebook: { id: rulebook.id, version: rulebook.version, shortTitle: rulebook.shortTitle },
    },
    answers,
    results: numbered(size.requirements, resultOf),
    evidence: numbered(size.evidence, evidenceOf),
    probes: numbered(size.probes, probeOf),
    hazards: numbered(size.hazards, hazardOf),
    conclusion:
      '经评估，本服务的安全管理制度与技术措施总体符合《规定》要求；已发现的隐患均已列入整改，整改完成并复核前不对新增地区开放变声功能。',
    signatories: [
      { name: '龘靐齉', role: '安全管理负责人' },
      { name: '周敏', role: '法定代表人' },
    ],
  };
}

const answers: Record<string, Answer> = {
  'unit.name': '云上声学科技（杭州）有限公司',
  'unit.place_of_registration': '浙江省杭州市西湖区文三路 478 号',
  'unit.ops_team_location': '浙江省杭州市',
  'unit.contact_name': '龘靐齉',
  'unit.contact_phone': '0571-8888 6666',
  'basics.service_name': '云上客厅',
  'basics.function_name': '实时变声',
  'basics.function_description':
    '用户在语音房间内说话时，可选择十二种预设音色，由服务端模型实时转换后播出。\n转换后的语音带有隐式标识，房间界面显示“变声中”。单房间上限 500 人，日均房间约 3,200 个。',
  'basics.url': 'https://rooms.example.cn/voice/changer?channel=official&utm_source=assessment-report-2026-11',
  'basics.type': ['app'],
  'basics.trigger': ['CN18-T1', 'CN18-T2'],
  'basics.method': 'self',
  'main_content.item_1':
    '设安全管理委员会，由首席安全官任负责人；信息审核人员 46 名，7×24 小时三班值守，覆盖普通话、粤语和英语。',
  'main_content.item_2': '注册须经手机号码核验，开播须经身份证件与人脸比对；注册信息加密留存，注销后另存六个月。',
  'main_content.item_3': '账号、操作时间、操作类型、源地址与目标地址、源端口、客户端硬件特征等日志留存 210 天。',
  'main_content.item_4': '昵称、房间名、公告先审后发；语音流每 10 秒抽检一次，命中后 2 分钟内处置并留存记录。',
  'main_content.item_5': '个人信息分级加密；单房间人数与转发速率设上限，异常聚集自动告警并限流。',
  'main_content.item_6': '应用内、网页和电话三种投诉渠道，2025 年受理 18,204 件，平均办结时间 9.4 小时。',
};

function resultOf(no: number): RequirementResult {
  const known = rulebook.requirements[no % rulebook.requirements.length];
  if (!known) throw new Error('the rulebook has requirements');
  const code: ResultCode = (['conforms', 'conforms', 'fails', 'not-applicable', 'open'] as const)[no % 5] ?? 'open';
  return {
    requirement: known,
    result: code,
    reason: code === 'open' ? null : `理由第${no}条：抽查制度文件与后台记录，与条文逐项比对。`,
    evidence: code === 'open' ? [] : [no + 1, no + 2, no + 3],
  };
}

function evidenceOf(no: number): Evidence {
  const at = (days: number) => new Date(Date.UTC(2026, 9, 1, 2, 3) + (days * 24 + no) * 3_600_000).toISOString();
  return {
    no: no + 1,
    kind: { zh: '屏幕截图', en: 'screenshot' },
    title: `证据材料${no + 1}：变声房间日志导出`,
    observedAt: at(0),
    receivedAt: at(1),
    validUntil: no % 3 === 0 ? null : at(365),
    sha256: no % 7 === 6 ? null : (no + 1).toString(16).padStart(64, '9f3c'),
    source: '后台管理系统 / 日志中心',
  };
}

function probeOf(no: number) {
  return {
    id: `probe-${no + 1}`,
    title: `转换后的语音在下载、转码后仍可读出隐式标识（第${no + 1}组）`,
    requirementIds: ['CN18-E4', 'CN18-E5'],
    tried: 50,
    kept: 47,
    rate: 0.94,
    interval: { low: 0.838, high: 0.979 },
    failing: [
      { sample: `样本-${no + 1}-07.opus`, what: '转码为 24 kbit/s 后标识不可读' },
      { sample: `样本-${no + 1}-19.opus`, what: '裁去前 3 秒后标识不可读' },
      { sample: `样本-${no + 1}-33.opus`, what: '叠加背景音乐后校验码不符' },
    ],
  };
}

function hazardOf(no: number) {
  return {
    no: no + 1,
    title: `隐患${no + 1}：低码率转码后标识丢失`,
    severity: { zh: '较大', en: 'major' },
    state: { zh: '整改中', en: 'being rectified' },
    due: no % 2 === 0 ? '2026-12-31' : null,
    reproduce: ['进入任一语音房间并开启变声', '下载回放并转码为 24 kbit/s', '用检测工具读取标识'],
  };
}

function numbered<T>(count: number, make: (no: number) => T): T[] {
  return Array.from({ length: count }, (_, no) => make(no));
}
