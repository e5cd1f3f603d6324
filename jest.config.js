const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/support/environment.js',
  testSequencer: '<rootDir>/test/support/sequencer.js',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
      },
    ],
  },
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts', 'commands/**/*.ts', 'simulator/**/*.ts'],
  globalSetup: '<rootDir>/test/support/shared-postgres.js',
  globalTeardown: '<rootDir>/test/support/end-shared-postgres.js',
  testTimeout: 30_000,
  // Most tests wait for a process or a server of their own more than they compute.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
};
