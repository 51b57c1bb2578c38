import type { ProbeId } from '../../../contract/assessment.ts';
import type { Both } from '../../../contract/rulebook.ts';

const publishLabelled = { zh: '发布带标识的样本', en: 'Publish labelled samples' };
const fetchRenditions = { zh: '取回服务提供的每个版本', en: 'Fetch every rendition that the service offers' };
const takeAway = { zh: '测试结束后删除样本', en: 'Take the samples away again at the end' };

/** What each probe does, in order, as a person would do it. */
export const stepsOf: Readonly<Record<ProbeId, readonly Both[]>> = {
  'labels-survive': [
    publishLabelled,
    fetchRenditions,
    { zh: '读取隐式标识，与写入的内容比对', en: 'Read the implicit label and compare it with what was written' },
    { zh: '检查平台写入的传播要素', en: 'Look for the propagation fields that the platform writes' },
    takeAway,
  ],
  'public-sign': [
    {
      zh: '发布带标识、仅声明和带生成痕迹的样本',
      en: 'Publish samples that are labelled, declared, or bear traces of a generator',
    },
    {
      zh: '读取服务给出的状态和公众看到的页面',
      en: 'Read the state that the service tells and the page that the public sees',
    },
    { zh: '与应有的提示标识比对', en: 'Compare the sign with the one that is due' },
    takeAway,
  ],
  'genuine-unflagged': [
    { zh: '发布真实内容样本', en: 'Publish genuine samples' },
    { zh: '确认状态与页面均无提示标识', en: 'Look that neither the state nor the page carries a sign' },
    takeAway,
  ],
  'exports-labelled': [
    { zh: '用该功能处理真实内容样本', en: 'Give genuine samples to the function' },
    { zh: '取回每种格式的导出文件', en: 'Fetch the export in every format' },
    { zh: '测量显式标识', en: 'Measure the explicit label' },
    { zh: '读取隐式标识', en: 'Read the implicit label' },
    takeAway,
  ],
  'credentials-survive': [
    { zh: '发布带签名来源清单的样本', en: 'Publish samples with a signed manifest that declares them as generated' },
    fetchRenditions,
    {
      zh: '校验现行来源清单，核对其中的声明和上级素材',
      en: 'Validate the active manifest, and look for its declaration and its parent',
    },
    takeAway,
  ],
  'reupload-recognised': [
    { zh: '发布样本并登记为已知伪造内容', en: 'Publish a sample and have it listed as a known fake' },
    { zh: '上传无关内容，确认未被识别', en: 'Upload something unrelated: it must not be recognised' },
    { zh: '经日常编辑后再次上传', en: 'Upload it again after each of a ladder of ordinary edits' },
    { zh: '确认被拒绝或者显示提示标识', en: 'Look that it is refused, or shown with a sign' },
    takeAway,
  ],
  complaints: [
    { zh: '打开说明投诉方式的页面', en: 'Open the page that tells how to complain' },
    { zh: '以陌生人身份提交一次投诉', en: 'Complain as a stranger would' },
    { zh: '在投诉记录中核对处理时间', en: 'Read in the records how long complaints took' },
  ],
  logs: [
    { zh: '发布样本', en: 'Publish samples' },
    { zh: '读取日志，核对应有的字段', en: 'Read the log and look for the fields that it must hold' },
    { zh: '查找本次发布的记录', en: 'Look for our own publication' },
    { zh: '核对日志可追溯的时间', en: 'Look how far the log reaches back' },
    takeAway,
  ],
  identity: [
    { zh: '以未核验身份者尝试发布', en: 'Try to publish as somebody whose identity nobody verified' },
    { zh: '确认发布被拒绝', en: 'Look that it is refused' },
  ],
  malformed: [
    { zh: '发送损坏和超大的文件', en: 'Send broken and oversized files' },
    { zh: '核对拒绝的方式与用时', en: 'Look how they are refused, and how soon' },
    { zh: '其后发布正常样本，确认服务正常', en: 'Publish a good sample afterwards: the service must still work' },
  ],
};
