// A second PostgreSQL that follows a primary, and takes its place when it is promoted.

import { chownSync, cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { ask, until } from './cluster.ts'
import { type PostgresServer, startPostgres } from './postgres.ts'

/**
 * Starts one from a copy of the primary as it runs (PostgreSQL, 25.3.4), and has every commit wait for it from then
 * on; it ends with the test. `port`: where it finds the primary, if there is something in between.
 */
export async function startStandby(primary: PostgresServer, port = primary.port): Promise<PostgresServer> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'guestkey-standby-'))
  onTestFinished(() => rmSync(dataFolder, { recursive: true, force: true }))
  await copyCluster(primary, dataFolder)
  const cluster = join(dataFolder, 'cluster')
  writeFileSync(join(cluster, 'standby.signal'), '')
  giveTo(statSync(primary.dataFolder), dataFolder)
  const from = `host=127.0.0.1 port=${port} user=guestkey application_name=standby sslmode=disable gssencmode=disable`
  const standby = await startPostgres({ dataFolder, settings: [`primary_conninfo=${from}`] })
  onTestFinished(() => standby.stop())
  await ask(primary.url, 'ALTER SYSTEM SET synchronous_standby_names = standby')
  await ask(primary.url, 'SELECT pg_reload_conf()')
  const isFollowing = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
  await until(async () => (await ask(primary.url, isFollowing)).length > 0)
  return standby
}

async function copyCluster(primary: PostgresServer, dataFolder: string): Promise<void> {
  const db = new pg.Client({ connectionString: primary.url })
  await db.connect()
  await db.query("SELECT pg_backup_start('standby', true)")
  const [from, to] = [primary.dataFolder, dataFolder].map((folder) => join(folder, 'cluster'))
  // What a postmaster has of its own stays there, and what is temporary may go while it is copied.
  const filter = (path: string) =>
    !/postmaster\.(pid|opts)$|pg_internal\.init|pgsql_tmp|pg_stat_tmp/.test(path)
  cpSync(from!, to!, { recursive: true, filter })
  const { rows } = await db.query('SELECT labelfile FROM pg_backup_stop(false)')
  writeFileSync(join(to!, 'backup_label'), rows[0].labelfile)
  await db.end()
}

/** To whom the primary's folder belongs, where that is somebody else. */
function giveTo({ uid, gid }: { uid: number; gid: number }, folder: string): void {
  if (uid === process.getuid?.() || process.getuid === undefined) return
  for (const name of readdirSync(folder, { recursive: true })) chownSync(join(folder, String(name)), uid, gid)
}
