/**
 * The reasons of refusals and warnings: the faults, and a list that collects all of them so that
 * they are shown together. The list belongs to one check and its thread.
 */
@NullMarked
package dev.weft.format.lora.reason;

import org.jspecify.annotations.NullMarked;
