/**
 * Chooses each row's next token from its scores, under a mask if its constraint refuses the first
 * choice. Masks are made on threads of their own beside the steps; all else is the owner thread's
 * or, for a row, the team member's that has it.
 */
@NullMarked
package dev.weft.inference.cpu.batch.choice;

import org.jspecify.annotations.NullMarked;
