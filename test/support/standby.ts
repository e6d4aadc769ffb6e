// A second PostgreSQL server that follows a primary, and replaces it when it is promoted.

import { chownSync, cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { ask, until } from './cluster.ts'
import { type PostgresServer, startPostgres } from './postgres.ts'

/**
 * Starts a standby from a copy of the running primary (PostgreSQL, 25.3.4). From then on every commit waits for it. It
 * ends when the test ends. `port`: the port at which it finds the primary, if something is in between.
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
  // Files of the postmaster itself stay behind, and temporary files may disappear during the copy.
  const filter = (path: string) =>
    !/postmaster\.(pid|opts)$|pg_internal\.init|pgsql_tmp|pg_stat_tmp/.test(path)
  cpSync(from!, to!, { recursive: true, filter })
  const { rows } = await db.query('SELECT labelfile FROM pg_backup_stop(false)')
  writeFileSync(join(to!, 'backup_label'), rows[0].labelfile)
  await db.end()
}

/** The owner of the primary's folder, if that is another account. */
function giveTo({ uid, gid }: { uid: number; gid: number }, folder: string): void {
  if (uid === process.getuid?.() || process.getuid === undefined) return
  for (const name of readdirSync(folder, { recursive: true })) chownSync(join(folder, String(name)), uid, gid)
}
