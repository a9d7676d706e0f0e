<?php

// Lists the phone calls in progress of an extension, each with the ids of its views. Needs PHP 8 with the extension curl.

$url = getenv('UAPI_URL');
$token = getenv('UAPI_TOKEN');
$user = '12';
$extension = '0003*210';

$request = curl_init("$url/phoneCalls/$user/$extension?count=20");
curl_setopt_array($request, [
    CURLOPT_HTTPHEADER => ["Authorization: Bearer $token"],
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

foreach ($answer->entry ?? [] as $call) {
    echo implode(' ', [$call->id, ...array_column($call->phoneCallView, 'id')]), "\n";
}
