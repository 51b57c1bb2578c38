import { EyeInvisibleOutlined, EyeOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import type { LabellingDetail } from '../../../src/contract/labellings.ts';
import { useMe } from '../../api/me.ts';
import { useWords } from '../../words/words.ts';
import { addressOf } from './calls.ts';

/** The labelled file, covered as the person's settings want it until they ask. */
export function Preview({ labelling: { id, kind, media } }: { labelling: LabellingDetail }) {
  const say = useWords();
  const { blur, grey, muted } = useMe().preferences;
  const [revealed, setRevealed] = useState(false);
  if (media?.shown !== true || kind === null || kind === 'document') return null;
  const covered = kind === 'audio' ? muted : blur || grey;
  const filter = [blur && 'blur(18px)', grey && 'grayscale(1)'].filter(Boolean).join(' ');
  const style = revealed || filter === '' ? {} : { filter };
  return (
    <div className="label-preview">
      <div className="stage">
        {kind === 'image' && (
          <img
            src={addressOf.shown(id)}
            alt={say(covered && !revealed ? 'labelling.preview.covered' : 'labelling.preview')}
            style={style}
          />
        )}
        {kind === 'video' && (
          // A stranger's file has no captions, and none may be made of what is said.
          <video
            src={addressOf.shown(id)}
            controls={revealed || !covered}
            playsInline
            preload="metadata"
            muted={muted && !revealed}
            style={style}
            aria-label={say('labelling.preview')}
          />
        )}
        {kind === 'audio' && (revealed || !covered) && (
          // biome-ignore lint/a11y/useMediaCaption: a stranger's file has no captions, and none may be made of what is said
          <audio src={addressOf.shown(id)} controls preload="metadata" aria-label={say('labelling.preview')} />
        )}
      </div>
      {covered && (
        <Button
          size="small"
          onClick={() => setRevealed(!revealed)}
          aria-pressed={revealed}
          icon={revealed ? <EyeInvisibleOutlined /> : <EyeOutlined />}
        >
          {say(
            revealed
              ? 'labelling.preview.hide'
              : kind === 'audio'
                ? 'labelling.preview.hear'
                : 'labelling.preview.show',
          )}
        </Button>
      )}
    </div>
  );
}
