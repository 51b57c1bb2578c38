import { Tour } from 'antd';
import { useWords } from '../words/words.ts';

/** Three things to know. */
export function GuidedTour({ onClose }: { onClose: () => void }) {
  const say = useWords();
  const steps = ['rail', 'find', 'bell'] as const;
  return (
    <Tour
      open
      onClose={onClose}
      onFinish={onClose}
      mask={{ color: 'rgba(20, 19, 17, 0.4)' }}
      steps={steps.map((step) => ({
        title: say(`frame.tour.${step}`),
        description: say(`frame.tour.${step}.text`),
        target: () => visible(step) ?? document.body,
        placement: step === 'rail' ? 'rightTop' : 'bottom',
      }))}
      indicatorsRender={(current, total) => (
        <span className="quiet">{say('frame.tour.step', { current: current + 1, total })}</span>
      )}
    />
  );
}

/** On a phone the rail is folded away: then its button stands for it. */
function visible(step: string): HTMLElement | null {
  const target = document.querySelector<HTMLElement>(`[data-tour="${step}"]`);
  return target?.checkVisibility() ? target : document.querySelector<HTMLElement>('.bar-menu');
}
