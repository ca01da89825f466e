const under = (parent: string, names: string): string[] =>
  names.split(' ').map((name) => (parent === '' ? name : `${parent}.${name}`));

/** By family: properties that are accepted before what they ask for is done. None may be added. */
const storedOf: Readonly<Record<string, readonly string[]>> = {};

export const stillStored: readonly string[] = Object.values(storedOf).flat();
