import type { Facts, FeatureTag } from '../../../src/contract/facts.ts';
import { useLang, useWords } from '../../words/words.ts';
import { list } from '../rulebooks/say.ts';
import { Chips } from './chips.tsx';
import { featureGroups } from './facts-table.ts';

/** What people will be able to do. Nothing chosen is "not said"; "none of these" is said. */
export function FeaturesPart({
  facts,
  stored,
  onChange,
}: {
  facts: Facts;
  stored: readonly FeatureTag[];
  onChange: (facts: Facts) => void;
}) {
  const say = useWords();
  const lang = useLang();
  const chosen = facts.features ?? [];
  const none = facts.features !== undefined && chosen.length === 0;
  const word = (feature: FeatureTag) => say(`fact-word.${feature}`);
  const choose = (group: readonly FeatureTag[], picked: FeatureTag[]) => {
    const features = [...chosen.filter((feature) => !group.includes(feature)), ...picked];
    onChange({ ...facts, features: features.length === 0 ? undefined : features });
  };
  return (
    <div className="features" id="fact-features">
      {stored.length > 0 && (
        <p className="quiet">{say('question.features.offered', { features: list(stored.map(word), lang) })}</p>
      )}
      {(['people', 'makes', 'finds'] as const).map((group) => {
        const of: readonly FeatureTag[] = featureGroups[group];
        return (
          <Chips
            key={group}
            label={say(`question.features.${group}`)}
            of={of}
            chosen={chosen.filter((feature) => of.includes(feature))}
            word={word}
            onChange={(picked) => choose(of, picked)}
          />
        );
      })}
      <label className="chip chip-none">
        <input
          type="checkbox"
          checked={none}
          onChange={({ target }) => onChange({ ...facts, features: target.checked ? [] : undefined })}
        />
        <span>{say('question.none-of-these')}</span>
      </label>
    </div>
  );
}
