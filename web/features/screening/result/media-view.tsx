import {
  AudioOutlined,
  DownloadOutlined,
  EyeInvisibleOutlined,
  EyeOutlined,
  FileTextOutlined,
  PlayCircleOutlined,
} from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Screening } from '../../../../src/contract/screenings.ts';
import { useMay, useMe } from '../../../api/me.ts';
import { KeyHint } from '../../../ui/key-hint.tsx';
import { Note } from '../../../ui/note.tsx';
import { Time } from '../../../ui/time.tsx';
import { useWords } from '../../../words/words.ts';
import { addressOf } from '../calls.ts';
import { Boxes } from './boxes.tsx';
import { useViewing } from './player.tsx';
import { boxesAt, type Shown } from './shown.ts';

/** The media itself: blurred, grey and silent until the person asks, or as their own settings say. */
export function MediaView({ shown }: { shown: Shown }) {
  const say = useWords();
  const { screening } = shown;
  if (screening.mediaRemovedAt !== null) {
    return (
      <Note title={say('screening.media.removed')}>
        <p>
          {say('screening.media.removed.when')} <Time at={screening.mediaRemovedAt} />
        </p>
      </Note>
    );
  }
  if (screening.media === null) return null;
  return (
    <section className="media" aria-label={say('screening.media')}>
      <div className="stage">
        <Stage shown={shown} />
      </div>
      <Ways screening={screening} />
    </section>
  );
}

function Stage({ shown }: { shown: Shown }): ReactNode {
  const { screening } = shown;
  const playable = screening.media?.shown === true;
  if (screening.kind === 'image') return <Picture shown={shown} playable={playable} />;
  if (screening.kind === 'video') return <Film screening={screening} playable={playable} />;
  if (screening.kind === 'audio') return <Sound screening={screening} playable={playable} />;
  return <Bare icon={<FileTextOutlined />} words="screening.media.document" />;
}

function Picture({ shown, playable }: { shown: Shown; playable: boolean }) {
  const say = useWords();
  const { filter, blurred } = useViewing();
  const { id, exhibits } = shown.screening;
  const small = exhibits.find(({ kind }) => kind === 'thumbnail' || kind === 'frame');
  // The original is not even fetched before somebody wants to see it.
  const source = playable && !blurred ? addressOf.media(id) : small && addressOf.exhibit(id, small.number);
  if (!source) return <Bare icon={<FileTextOutlined />} words="screening.media.no-picture" />;
  return (
    <span className="stage-picture">
      <img
        src={source}
        alt={say(blurred ? 'screening.media.picture-covered' : 'screening.media.picture')}
        style={{ filter }}
      />
      <Boxes boxes={boxesAt(shown, null, 0)} width={shown.record.media?.width} height={shown.record.media?.height} />
    </span>
  );
}

function Film({ screening, playable }: { screening: Screening; playable: boolean }) {
  const say = useWords();
  const { filter, blurred, muted, attach, moved, positionMs } = useViewing();
  const { id, exhibits } = screening;
  const frames = exhibits.filter(({ kind }) => kind === 'frame' || kind === 'thumbnail');
  if (playable && !blurred) {
    return (
      // A stranger's file has no captions, and none may be made of what is said.
      <video
        ref={attach}
        src={addressOf.media(id)}
        controls
        playsInline
        preload="metadata"
        muted={muted}
        style={{ filter }}
        aria-label={say('screening.media.film')}
        onTimeUpdate={({ currentTarget }) => moved(currentTarget.currentTime * 1000)}
      />
    );
  }
  const nearest = frames.reduce<(typeof frames)[number] | undefined>((best, frame) => {
    const away = (one: typeof frame) => Math.abs((one.atMs ?? 0) - (positionMs ?? 0));
    return best === undefined || away(frame) < away(best) ? frame : best;
  }, undefined);
  if (!nearest) return <Bare icon={<PlayCircleOutlined />} words="screening.media.no-picture" />;
  return (
    <span className="stage-picture">
      <img
        src={addressOf.exhibit(id, nearest.number)}
        alt={say(blurred ? 'screening.media.film-covered' : 'screening.media.still')}
        style={{ filter }}
      />
    </span>
  );
}

function Sound({ screening, playable }: { screening: Screening; playable: boolean }) {
  const say = useWords();
  const { revealed, muted, attach, moved } = useViewing();
  if (!playable) return <Bare icon={<AudioOutlined />} words="screening.media.no-sound" />;
  if (muted && !revealed) return <Bare icon={<AudioOutlined />} words="screening.reveal.why-sound" />;
  return (
    // biome-ignore lint/a11y/useMediaCaption: a stranger's file has no captions, and none may be made of what is said
    <audio
      ref={attach}
      src={addressOf.media(screening.id)}
      controls
      preload="metadata"
      aria-label={say('screening.media.sound')}
      onTimeUpdate={({ currentTarget }) => moved(currentTarget.currentTime * 1000)}
    />
  );
}

function Bare({ icon, words }: { icon: ReactNode; words: string }) {
  const say = useWords();
  return (
    <p className="stage-bare quiet">
      <span className="stage-icon">{icon}</span>
      {say(words)}
    </p>
  );
}

function Ways({ screening }: { screening: Screening }) {
  const say = useWords();
  const { preferences } = useMe();
  const { revealed, toggle } = useViewing();
  const mayLabel = useMay('administrator', 'assessor', 'engineer', 'clerk', 'examiner', 'director');
  const sound = screening.kind === 'audio';
  const covered = sound ? preferences.muted && screening.media?.shown : preferences.blur || preferences.grey;
  const visible =
    screening.kind !== 'document' &&
    screening.kind !== null &&
    (sound || screening.exhibits.length > 0 || screening.media?.shown);
  return (
    <div className="media-ways">
      {covered && visible && (
        <Button onClick={toggle} aria-pressed={revealed} icon={revealed ? <EyeInvisibleOutlined /> : <EyeOutlined />}>
          {say(
            sound
              ? revealed
                ? 'screening.reveal.mute'
                : 'screening.reveal.hear'
              : revealed
                ? 'screening.reveal.hide'
                : 'screening.reveal.show',
          )}
          <KeyHint keys={['R']} />
        </Button>
      )}
      <Button type="text" icon={<DownloadOutlined />} href={addressOf.original(screening.id)} download>
        {say('screening.media.download')}
      </Button>
      {mayLabel && <Link to={`/label?screening=${screening.id}`}>{say('labelling.this')}</Link>}
      {covered && visible && !revealed && !sound && <p className="quiet media-why">{say('screening.reveal.why')}</p>}
      {screening.kind === 'video' && screening.media?.shown && revealed && preferences.muted && (
        <p className="quiet media-why">{say('screening.reveal.muted')}</p>
      )}
    </div>
  );
}
