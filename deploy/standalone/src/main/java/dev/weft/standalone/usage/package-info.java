/** {@code weft usage}: what keys, tenants and adapters have used. Asks the admin API. */
@NullMarked
package dev.weft.standalone.usage;

import org.jspecify.annotations.NullMarked;
