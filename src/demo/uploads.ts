import type { PersonId } from './people.ts';

/** A file of test/fixtures as somebody handed it in. Its bytes are ours, made for our tests; only the name is the story's. */
export interface Upload {
  fixture: string;
  name: string;
  by: PersonId | 'pipeline';
  /** The sender said that it is AI-generated. */
  declared?: true;
  /** Only this share of the file arrived. */
  cutAt?: number;
  note?: { by: PersonId; text: string };
  override?: { by: PersonId; word: 'declared' | 'strong' | 'some' | 'little'; reason: string };
}

/** Batches have ids of their own so that handing them in twice is the same batch. */
export const batches: { id: string; uploads: Upload[] }[] = [
  {
    id: '5eed0001-0000-4000-8000-000000000001',
    uploads: [
      { fixture: 'labels-av/mdta.mp4', name: '国风变装-0182.mp4', by: 'pipeline' },
      { fixture: 'labels-av/plain.mp4', name: 'harbour-walk-0183.mp4', by: 'pipeline' },
      { fixture: 'traces/comfyui-vhs.mp4', name: '会说话的猫-0184.mp4', by: 'pipeline' },
      { fixture: 'traces/dreamina.mp4', name: 'paper-city-0185.mp4', by: 'pipeline' },
      {
        fixture: 'traces/tiktok-label.mp4',
        name: '搬运-舞蹈-0186.mp4',
        by: 'pipeline',
        note: {
          by: 'gu',
          text: '他站标识随文件带入，已请发布者声明来源。 / The label of another site came along with the file; the publisher was asked where it is from.',
        },
      },
      { fixture: 'labels-av/object.flv', name: 'replay-lantern-show.flv', by: 'pipeline' },
      { fixture: 'labels-av/aigc.wav', name: '有声书-第三章.wav', by: 'pipeline' },
      { fixture: 'traces/suno.mp3', name: 'campus-song-demo.mp3', by: 'pipeline' },
      { fixture: 'traces/ordinary.mp3', name: '房间片段-月下.mp3', by: 'pipeline' },
      { fixture: 'labels-av/track.mp4', name: '上传中断-0187.mp4', by: 'pipeline', cutAt: 0.4 },
    ],
  },
  {
    id: '5eed0002-0000-4000-8000-000000000002',
    uploads: [
      { fixture: 'traces/sd-webui.png', name: '封面-雪山.png', by: 'gu' },
      { fixture: 'provenance/ai.jpg', name: 'template-portrait-a.jpg', by: 'gu' },
      { fixture: 'provenance/camera.jpg', name: '样机拍摄.jpg', by: 'gu' },
      { fixture: 'provenance/changed.jpg', name: 'template-portrait-b-edited.jpg', by: 'gu' },
      { fixture: 'provenance/collage.jpg', name: '拼贴-活动海报.jpg', by: 'gu' },
      { fixture: 'labels-images/png-checksum.png', name: 'avatar-host-draft.png', by: 'gu' },
      { fixture: 'labels-images/webp-xmp.webp', name: '换脸模板-预览.webp', by: 'gu' },
      { fixture: 'traces/dwt-dct-sdxl.png', name: 'background-night.png', by: 'gu' },
      { fixture: 'labels-images/svg-text.svg', name: '徽章.svg', by: 'gu' },
      { fixture: 'provenance/untold.jpg', name: 'studio-light-test.jpg', by: 'gu', declared: true },
      {
        fixture: 'labels-images/jpeg-exif-description.jpg',
        name: '用户头像-举报-31.jpg',
        by: 'zhou',
        override: {
          by: 'zhou',
          word: 'declared',
          reason:
            '发布者已补交声明，承认由其工具生成。 / The publisher has since declared that it was generated with a tool of theirs.',
        },
      },
    ],
  },
  {
    id: '5eed0003-0000-4000-8000-000000000003',
    uploads: [
      { fixture: 'provenance/broken-signature.jpg', name: '群众来信-附件1.jpg', by: 'tang' },
      {
        fixture: 'traces/comfyui.png',
        name: 'letter-attachment-2.png',
        by: 'tang',
        note: {
          by: 'su',
          text: '生成记录写在文件里，请平台说明流传范围。 / How it was generated stands in the file; ask the platform how far it spread.',
        },
      },
      { fixture: 'traces/stealth-rgb.png', name: '群众来信-附件3.png', by: 'tang' },
    ],
  },
];
