/** Values of settings that a person does not give. Help names them, too. */
export const DEFAULTS = { partMib: 64, giveUpAfterMinutes: 10, maxQuarantine: 1000 } as const;
