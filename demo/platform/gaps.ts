/** Weaknesses that can be planted, each a mistake that a real platform makes. Each is kept in one place: search for its id. */
export const gaps = [
  {
    id: 'transcode-drops-labels',
    zh: '影片转码成网页版时丢失隐式标识。',
    en: 'The web rendition of films loses the implicit label when it is transcoded.',
  },
  {
    id: 'preview-unlabelled',
    zh: '图片的预览图没有隐式标识。',
    en: 'The preview of pictures carries no implicit label.',
  },
  {
    id: 'propagation-not-written',
    zh: '保留生成者的标识，但不写入传播要素（ContentPropagator、PropagateID）。',
    en: "The producer's label is kept, but ContentPropagator and PropagateID are not written.",
  },
  {
    id: 'declaration-ignored',
    zh: '用户声明为生成合成的内容不作标识。',
    en: 'What its uploader declares as generated gets no sign.',
  },
  {
    id: 'traces-ignored',
    zh: '未声明、无标识但有生成痕迹的内容不作标识。',
    en: 'What shows traces of generation, undeclared and unlabelled, gets no sign.',
  },
  {
    id: 'page-without-sign',
    zh: '接口给出的状态正确，但播放页面不显示标识。',
    en: 'The state of an item is right, but its page shows no sign.',
  },
  {
    id: 'page-sign-unseen',
    zh: '播放页面的源代码中有标识，但样式使其不可见。',
    en: 'The sign stands in the source of the page, and its style makes it invisible.',
  },
  {
    id: 'explicit-label-small',
    zh: '换脸导出的显式标识字高只有短边的百分之三。',
    en: 'The explicit label of face-swap exports is 3 % of the short side high.',
  },
  {
    id: 'explicit-label-brief',
    zh: '换脸导出影片的显式标识只显示一秒。',
    en: 'The explicit label of face-swap films is shown for one second only.',
  },
  {
    id: 'webm-export-unlabelled',
    zh: '换脸导出的 WebM 没有隐式标识。',
    en: 'The WebM export of the face swap carries no implicit label.',
  },
  {
    id: 'voice-export-silent',
    zh: '变声导出的 M4A 没有节奏标识。',
    en: 'The M4A export of the voice changer plays no rhythm mark.',
  },
  {
    id: 'room-voice-silent',
    zh: '语音房内变声后的发言没有节奏标识。',
    en: 'In live rooms, turns of a changed voice begin without the rhythm mark.',
  },
  {
    id: 'complaints-slow',
    zh: '投诉九至十四天后才处理，新的投诉一直未处理。',
    en: 'Complaints were handled after 9 to 14 days, and new ones stay as received.',
  },
  {
    id: 'complaints-hidden',
    zh: '没有投诉页面，也没有通向它的链接。',
    en: 'There is no complaint page and no link to one.',
  },
  { id: 'logs-short', zh: '日志只保留三十天。', en: 'Logs go back only 30 days.' },
  { id: 'logs-without-port', zh: '日志不记录源端口。', en: 'Logs do not record the source port.' },
  {
    id: 'publishing-without-identity',
    zh: '未核验身份的用户也能发布。',
    en: 'Users whose identity was never verified may publish.',
  },
  {
    id: 'malformed-crashes',
    zh: '上传损坏的文件时服务端报 500 错误。',
    en: 'Malformed media are answered by a server error, 500.',
  },
  {
    id: 'genuine-flagged',
    zh: '凡有相机 EXIF 信息且未声明的 JPEG 都被标为疑似。',
    en: 'Every undeclared JPEG with EXIF data of a camera gets the sign "suspected".',
  },
  {
    id: 'credentials-stripped',
    zh: '发布时去掉C2PA清单，也不重新签名。',
    en: 'C2PA manifests are taken out when publishing, and no new one is signed.',
  },
  {
    id: 'known-fakes-unmatched',
    zh: '已知伪造内容登记后，再次上传的副本不作比对。',
    en: 'Known fakes are listed, but uploads are not compared with them.',
  },
  {
    id: 'known-fakes-one-change',
    zh: '已知伪造内容的副本改动一处能识别，既镜像又加黑边则不能。',
    en: 'Copies of known fakes are recognised after one change, but not when they are both mirrored and given bars.',
  },
] as const;

export type Gap = (typeof gaps)[number]['id'];
export type Gaps = ReadonlySet<Gap>;

/** `all`, or ids between commas; null where one of them is unknown. */
export function gapsFrom(text: string): Gap[] | null {
  if (text === 'all') return gaps.map(({ id }) => id);
  const asked = text.split(',').filter((one) => one !== '');
  const known = asked.flatMap((one) => gaps.find(({ id }) => id === one)?.id ?? []);
  return known.length === asked.length ? known : null;
}
