/**
 * Settings that several services read: addresses, the engine, the log and what is measured; and the
 * name of the machine.
 */
@NullMarked
package dev.weft.service.settings;

import org.jspecify.annotations.NullMarked;
