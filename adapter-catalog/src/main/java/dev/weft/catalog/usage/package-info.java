/**
 * What keys, tenants and adapters have used. Gateways hand their counts over in batches, each of
 * which counts once; the admin API adds them up. The package owns tables {@code usage_days} and
 * {@code usage_instances}. Calls block; handlers run on virtual threads.
 */
@NullMarked
package dev.weft.catalog.usage;

import org.jspecify.annotations.NullMarked;
