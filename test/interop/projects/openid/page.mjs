// What each app shows: how to sign in, and who is signed in.

/** `user`: what the app has learned; undefined if nobody is signed in. */
export const pageFor = (user, signIn = '/login') =>
  `<a id="sign-in" href="${signIn}">Sign in</a>${user ? `<p id="who">${JSON.stringify(user)}</p>` : ''}`
