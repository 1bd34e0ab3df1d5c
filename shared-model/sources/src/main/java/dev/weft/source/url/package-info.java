/**
 * Repositories at an HTTP address: an archive if the address ends so, else a folder whose page
 * lists its files. A secret goes only to the host that it is bound to. One thread.
 */
@NullMarked
package dev.weft.source.url;

import org.jspecify.annotations.NullMarked;
