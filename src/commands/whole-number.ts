import { InvalidArgumentError } from 'commander';

/** Reads an option's number; anything else is refused, with what is possible. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most) throw new InvalidArgumentError(`${least} … ${most}`);
    return value;
  };
}
