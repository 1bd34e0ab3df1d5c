package dev.weft.protocol.rollout;

import dev.weft.protocol.adapter.AdapterId;

/**
 * What is measured: a version, as far as requests for one name were given to it.
 *
 * @param name the name that clients asked for, and whose it is
 * @param adapter the adapter that the version is one of
 * @param number the version's number
 * @param revision of the name's alias when the requests came; 0 if an earlier gateway or catalog
 *     did not say
 */
public record MeasuredVersion(AdapterId name, AdapterId adapter, int number, long revision) {
    public MeasuredVersion {
        if (number < 1) {
            throw new IllegalArgumentException("version " + number + ": allowed is 1 or more");
        }
        if (revision < 0) {
            throw new IllegalArgumentException("revision " + revision + ": allowed is 0 or more");
        }
    }
}
