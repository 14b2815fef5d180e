/// What hosts say of themselves, kept: facts, which select policy, and reports, where the flow
/// ends. Nothing upstream computes from a report.
@NullMarked
package dev.reeve.server.reports;

import org.jspecify.annotations.NullMarked;
