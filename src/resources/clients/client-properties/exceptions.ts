/** Properties that are accepted before what they ask for is done. There are none, and none may be added. */
export const stillStored: readonly string[] = [];
