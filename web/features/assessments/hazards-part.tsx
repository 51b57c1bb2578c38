import { Button } from 'antd';
import { useState } from 'react';
import type { Assessment } from '../../../src/contract/assessments.ts';
import { useMay } from '../../api/me.ts';
import { Section } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';
import { AddHazard } from './add-hazard.tsx';
import { HazardCard } from './hazard-card.tsx';

/** The hazards of this assessment, those that hold the conclusion up first. */
export function HazardsPart({ assessment }: { assessment: Assessment }) {
  const say = useWords();
  const may = useMay('administrator', 'assessor', 'engineer');
  const [adding, setAdding] = useState(false);
  const isWorkable = ['draft', 'assessing', 'rectifying'].includes(assessment.state);
  const rank = ({ verifiedRule, state }: Assessment['hazards'][number]) =>
    (state === 'verified' ? 2 : 0) + (verifiedRule ? 0 : 1);
  const sorted = assessment.hazards.toSorted((one, other) => rank(one) - rank(other) || one.no - other.no);
  return (
    <div id="hazards">
      <Section
        title={say('assessments.hazards')}
        side={
          may &&
          isWorkable && (
            <Button size="small" onClick={() => setAdding(true)}>
              {say('assessments.hazard.add')}
            </Button>
          )
        }
      >
        {sorted.length === 0 && <p className="quiet">{say('assessments.hazards.none')}</p>}
        <ul className="hazard-cards">
          {sorted.map((hazard) => (
            <HazardCard key={hazard.id} hazard={hazard} />
          ))}
        </ul>
        {adding && <AddHazard assessment={assessment} onClose={() => setAdding(false)} />}
      </Section>
    </div>
  );
}
