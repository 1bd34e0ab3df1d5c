/**
 * The command as users run it: whole deployment files, several bases, and commands beside a fleet.
 */
@NullMarked
package dev.weft.system.command;

import org.jspecify.annotations.NullMarked;
