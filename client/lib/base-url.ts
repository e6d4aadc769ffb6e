// Where the endpoints are.

/**
 * If guestkey itself serves this module, its folder is where the endpoints are. If it is bundled into an app, it
 * cannot know.
 */
export const defaultBaseUrl = () =>
  /^(.*)\/client(-small)?\.js([?#]|$)/.exec(import.meta.url)?.[1] ?? '/guest'
