import { PrinterOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { Answer } from '../../../src/contract/question.ts';
import { CopyButton } from '../../ui/copy.tsx';
import { useLang, useWords } from '../../words/words.ts';
import { answerText } from './answer-text.ts';

/** To take the answer along: as text, as the JSON that the interface gives, on paper. */
export function AnswerWays({ answer }: { answer: Answer }) {
  const say = useWords();
  const lang = useLang();
  return (
    <div className="answer-ways">
      <CopyButton text={answerText(answer, say, lang)} label={say('question.ways.text')} />
      <CopyButton text={JSON.stringify(answer, null, 2)} label={say('question.ways.json')} />
      <Button size="small" icon={<PrinterOutlined />} onClick={() => window.print()}>
        {say('question.ways.print')}
      </Button>
    </div>
  );
}
