<?php

// Invites a public number to a conference. Needs PHP 8 with the extension curl.

$url = getenv('UAPI_URL');
$token = getenv('UAPI_TOKEN');
$user = '12';
$extension = '0003*219';
$source = '0003*219';
$destination = '3235742879';

$request = curl_init("$url/phoneCalls/$user/conferenceInvite");
curl_setopt_array($request, [
    CURLOPT_HTTPHEADER => ["Authorization: Bearer $token", 'Content-Type: application/json'],
    CURLOPT_POSTFIELDS => json_encode([
        'extension' => $extension,
        'phoneCallView' => [
            ['source' => [$source], 'destination' => [$destination], 'callerId' => 'John Doe <4242425>'],
        ],
    ]),
    CURLOPT_RETURNTRANSFER => true,
]);
$body = curl_exec($request);
if ($body === false) {
    fwrite(STDERR, curl_error($request) . "\n");
    exit(1);
}
$answer = json_decode($body);
if (curl_getinfo($request, CURLINFO_RESPONSE_CODE) >= 400) {
    fwrite(STDERR, "{$answer->error->code}: {$answer->error->message}\n");
    exit(1);
}

foreach ($answer ?? [] as $call) {
    echo "{$call->id} is being placed\n";
}
