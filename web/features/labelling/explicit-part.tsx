import { Checkbox, Form, Input, Select } from 'antd';
import { useWords } from '../../words/words.ts';
import { claims, type PlanValues, places, positions } from './plan.ts';

/** The label that people see or hear. Which of its fields count depends on the kind of each file. */
export function ExplicitPart() {
  const say = useWords();
  const form = Form.useFormInstance<PlanValues>();
  const explicit = Form.useWatch('explicit', form) === true;
  const role = Form.useWatch('role', form);
  const seen = Form.useWatch('seen', form);
  const mustSayClaim = role === 'platform' && seen === 'keep';
  const style = Form.useWatch('style', form);
  const options = (word: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: say(`labelling.explicit.${word}.${value}`) }));
  return (
    <>
      <Form.Item name="explicit" valuePropName="checked" className="plan-check">
        <Checkbox>
          {say('labelling.explicit')}
          <span className="quiet plan-about">{say('labelling.explicit.about')}</span>
        </Checkbox>
      </Form.Item>
      {explicit && (
        <div className="plan-explicit">
          {mustSayClaim && (
            <Form.Item name="claim" label={say('labelling.explicit.claim')}>
              <Select options={options('claim', claims)} />
            </Form.Item>
          )}
          <Form.Item name="lang" label={say('labelling.explicit.lang')}>
            <Select options={options('lang', ['zh', 'en'])} />
          </Form.Item>
          <Form.Item name="style" label={say('labelling.explicit.style')}>
            <Select options={options('style', ['text', 'eu-icon'])} />
          </Form.Item>
          <Form.Item name="position" label={say('labelling.explicit.position')}>
            <Select options={options('position', positions)} />
          </Form.Item>
          <Form.Item name="shown" label={say('labelling.explicit.shown')}>
            <Select options={options('shown', ['throughout', '4', '10'])} />
          </Form.Item>
          <Form.Item name="sound" label={say('labelling.explicit.sound')}>
            <Select options={options('sound', ['rhythm', 'notice'])} />
          </Form.Item>
          <Form.Item name="where" label={say('labelling.explicit.where')}>
            <Select options={options('where', places)} />
          </Form.Item>
          {style === 'text' && (
            <Form.Item
              name="text"
              label={say('labelling.explicit.text')}
              extra={say('labelling.explicit.text.about')}
              className="plan-explicit-wide"
            >
              <Input maxLength={80} placeholder={say('labelling.explicit.text.usual')} />
            </Form.Item>
          )}
        </div>
      )}
    </>
  );
}
