// What a page can listen to with `on`.
import type { SignedInGuest, UserInfo } from './types.ts'

/** The events of a client, and what their listeners get. */
export interface GuestClientEvents {
  /**
   * Another guest is signed in, or something about the guest has changed; null if nobody is signed in any more. Also
   * if another tab did it.
   */
  'guest.changed': [guest: UserInfo | null]
  /**
   * A prompt has become due. Comes once for each, the most important one first; also if another tab caused it, and for
   * what is due only at a moment.
   */
  'prompts.due': [prompt: string, guest: UserInfo]
  /**
   * A sign-in showed that the guest should be offered a passkey on this device, which has none. That happens after a
   * recovery code, after a device link, and after a sign-in with a passkey of another device.
   */
  'passkey.offered': [guest: SignedInGuest]
}

/** The name of an event. */
export type GuestClientEvent = keyof GuestClientEvents

/** A listener for one of the events. */
export type GuestEventListener<Event extends GuestClientEvent = GuestClientEvent> = (
  ...about: GuestClientEvents[Event]
) => void

/** Called with the guest, or with null when nobody is signed in. */
export type GuestListener = GuestEventListener<'guest.changed'>

/** Called with a prompt that has become due, and the guest. */
export type PromptListener = GuestEventListener<'prompts.due'>

/** Called with a guest who has no passkey on this device and should be offered one. */
export type OfferListener = GuestEventListener<'passkey.offered'>

/** Listens to an event; returns the function that stops it. Throws TypeError for an unknown event. */
export type Listen = <Event extends GuestClientEvent>(
  event: Event,
  listener: GuestEventListener<Event>,
) => () => void

/** The names of all events. */
export const events: GuestClientEvent[] = ['guest.changed', 'prompts.due', 'passkey.offered']
