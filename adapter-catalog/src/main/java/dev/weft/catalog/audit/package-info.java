/**
 * Who asks, and what was changed by whom and when. The package owns table {@code audit_log}: an
 * entry is written in the transaction of its change, and never changed or removed. Calls block;
 * handlers run on virtual threads.
 */
@NullMarked
package dev.weft.catalog.audit;

import org.jspecify.annotations.NullMarked;
