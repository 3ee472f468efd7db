import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageCases } from './packages/all';
import { PackageFolder } from './packages/package-folder';

// Much-used packages of npm in cells: each is imported, runs, and has its types: no `any` where the package has types.

describe('packages', () => {
  // Some, such as arktype, have types only for strict null checks.
  const packages = [...new Set(packageCases.flatMap(({ install }) => install))];
  const folder = new PackageFolder('packages-in-cells', packages, { strict: true });
  beforeAll(() => folder.install());
  afterAll(() => folder.close());

  test('at least 60 are tried', () => expect(packageCases.length).toBeGreaterThanOrEqual(60));

  describe.each(packageCases)('$install', ({ works, value, refused }) => {
    test('is imported and runs', { timeout: 60_000 }, async () => expect(await folder.run(works)).toBe(value));

    test('has its types', { timeout: 60_000 }, async () => {
      const seen = await folder.run(refused);
      expect(seen).toMatch(/^refused: /);
      // Only the package is at fault, not a missing name.
      expect(seen).not.toMatch(/Cannot find name|Cannot find module|could not be found/);
    });
  });
});

describe("Prisma's generated client", () => {
  const schema = `generator client {
  provider = "prisma-client"
  output   = "generated"
}
datasource db {
  provider = "sqlite"
}
model User {
  id   Int    @id
  name String
}
`;
  const packages = ['prisma@7', '@prisma/client@7'];
  const folder = new PackageFolder('prisma-in-cells', packages, { strict: true }, { 'schema.prisma': schema });

  beforeAll(() => {
    folder.install();
    // The generator works without the engine of migrations, but looks for its program.
    const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
    execFileSync('npx', ['prisma', 'generate', '--schema', 'schema.prisma'], { cwd: folder.folder, env });
  });
  afterAll(() => folder.close());

  test('is imported and has the types of the models', async () => {
    expect(await folder.run("import { Prisma, PrismaClient } from './generated/client'; Prisma.ModelName.User")).toBe(
      'User',
    );
    expect(await folder.run('typeof PrismaClient')).toBe('function');
    expect(await folder.run("const where: Prisma.UserWhereInput = { nmae: 'x' };")).toMatch(/^refused: .*'nmae'/);
  });
});

describe("TypeORM's entities, by the decorators that the folder's tsconfig.json asks for", () => {
  const options = { strict: true, experimentalDecorators: true, emitDecoratorMetadata: true };
  const folder = new PackageFolder(
    'typeorm-in-cells',
    ['typeorm', 'reflect-metadata', 'sql.js', '@types/sql.js'],
    options,
  );
  beforeAll(() => folder.install());
  afterAll(() => folder.close());

  test('are declared in a cell, saved and found', async () => {
    const imports = "import 'reflect-metadata'; import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';";
    const entity = '@Entity() class User { @PrimaryColumn() id!: number; @Column() name!: string; }';
    expect(await folder.run(`${imports} ${entity}`)).toBe('');
    const source = "await new DataSource({ type: 'sqljs', entities: [User], synchronize: true }).initialize()";
    const use = "await users.save({ id: 1, name: 'Ada' }); (await users.findOneByOrFail({ id: 1 })).name";
    expect(await folder.run(`const source = ${source}; const users = source.getRepository(User); ${use}`)).toBe('Ada');
    expect(await folder.run("users.findOneBy({ nmae: 'x' })")).toMatch(/^refused: .*'nmae'/);
  });
});
