/** Settings that several services read: addresses, the engine, the log and what is measured. */
@NullMarked
package dev.weft.service.settings;

import org.jspecify.annotations.NullMarked;
