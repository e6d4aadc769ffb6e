import {
  GuestProvider,
  type GuestProviderProps,
  useGuest,
  useGuestPrompt,
  usePasskeys,
} from '@guestkey/client/react'
import { StrictMode } from 'react'
import { Account } from './account.jsx'

function Offers() {
  const { guest, client } = useGuest()
  const { supported } = usePasskeys()
  const { prompt, snooze } = useGuestPrompt()
  return (
    <>
      <p id="passkeys">{supported ? 'with passkeys' : 'without passkeys'}</p>
      {prompt !== undefined && (
        <button type="button" id="later" onClick={() => snooze()}>{`Not now: ${prompt}`}</button>
      )}
      {guest && (
        <button type="button" id="leave" onClick={() => client.signOut()}>
          Sign out
        </button>
      )}
    </>
  )
}

export const Shop = (props: GuestProviderProps) => (
  <StrictMode>
    <GuestProvider {...props}>
      <Account />
      <Offers />
      <guestkey-button
        what="notes"
        variant="secondary"
        onguestkey-signed-in={({ detail }) => {
          document.title = detail.guest.label
        }}
      />
    </GuestProvider>
  </StrictMode>
)
